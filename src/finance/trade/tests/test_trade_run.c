/* `inox trade run` and `replay` as a user meets them. */
#include <inox/testing.h>

#include <unistd.h>

static const char *make_day(void) {
	static char path[512];
	ix_testing_run run;
	if (path[0] && access(path, R_OK) == 0) return path;
	ix_format(path, sizeof path, "%s/day.itch", ix_testing_directory());
	ix_testing_shell(&run, "%s trade gen --day --seed 5 --symbols 16 --messages 40000 -o %s",
		ix_testing_inox(), path);
	assert_int_equal(run.exit_code, 0);
	return path;
}

static void a_run_reports_what_it_did_and_where_its_trail_is(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "%s trade run -f itch-file:%s --audit %s/t --html %s/r.html",
		ix_testing_inox(), make_day(), directory, directory);
	assert_int_equal(run.exit_code, 0);
	assert_non_null(strstr(run.out, "maker: 40,000 messages of"));
	assert_non_null(strstr(run.out, "tick_to_trade"));
	assert_non_null(strstr(run.out, "inox trade replay --audit"));
	ix_testing_run replay;
	ix_testing_shell(&replay, "%s trade replay --audit %s/t --verify", ix_testing_inox(), directory);
	assert_int_equal(replay.exit_code, 0);
	assert_non_null(strstr(replay.out, "each the same byte for byte\n"));
	ix_testing_shell(&run, "grep -c '<svg' %s/r.html && ! grep -Eq '(src|href)=.(http|//)' %s/r.html",
		directory, directory);
	assert_int_equal(run.exit_code, 0);
}

static void json_has_the_same_sums_from_a_run_and_its_replay(void **state) {
	(void)state;
	ix_testing_run run, replay;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "%s trade run -f %s -s ofi --audit %s/t --json | grep positions_hash",
		ix_testing_inox(), make_day(), directory);
	ix_testing_shell(&replay, "%s trade replay --audit %s/t --json | grep positions_hash",
		ix_testing_inox(), directory);
	assert_int_equal(run.exit_code, 0);
	assert_string_equal(run.out, replay.out);
}

static void wrong_words_are_refused_in_one_line_and_leave_nothing(void **state) {
	(void)state;
	static const struct {
		const char *arguments;
		int exit_code;
		const char *says;
	} cases[] = {
		{"", 2, "--feed"},
		{"-f %s --set spread_min=1", 2, "spread_min"},
		{"-f %s --set spread_min_e4=x", 2, "spread_min_e4"},
		{"-f %s -s nosuch", 3, "there is no strategy 'nosuch'"},
		{"-f %s --durable", 2, "--audit"},
		{"-f %s --pin 1,x", 2, "--pin"},
		{"-f %s --risk /nonexistent/limits", 3, "/nonexistent/limits"},
		{"-f %s --session nobody", 3, "no session 'nobody'"},
		{"-f /nonexistent/day --audit t", 3, "/nonexistent/day"},
		{"-f pcap:", 2, "--feed"},
		{"-f %s --html /nonexistent/r.html", 3, "/nonexistent/r.html"},
		{"-f %s --html same --drop-copy same", 2, "the same file"},
	};
	for (size_t i = 0; i < IX_COUNT(cases); i++) {
		ix_testing_run run;
		char arguments[700];
		const char *directory = ix_testing_directory();
		const char *place = strstr(cases[i].arguments, "%s");
		ix_format(arguments, sizeof arguments, "%.*s%s%s",
			place ? (int)(place - cases[i].arguments) : (int)strlen(cases[i].arguments),
			cases[i].arguments, place ? make_day() : "", place ? place + 2 : "");
		ix_testing_shell(&run, "cd %s && %s trade run %s", directory, ix_testing_inox(), arguments);
		if (run.exit_code != cases[i].exit_code)
			fail_msg("'%s': exit %d, not %d: %s", arguments, run.exit_code, cases[i].exit_code,
				run.err);
		if (!strstr(run.err, cases[i].says))
			fail_msg("'%s': '%s' does not say '%s'", arguments, run.err, cases[i].says);
		ix_testing_shell(&run, "ls -A %s | wc -l", directory);
		assert_string_equal(run.out, "0\n");
	}
}

static void a_limits_file_rejects_what_is_beyond_it_and_the_run_says_why(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run,
		"printf 'firm f { order-shares 10; desk d { account a { trader t { session s1; } } } }' > "
		"%s/l && %s trade run "
		"-f %s --risk %s/l --session s1",
		directory, ix_testing_inox(), make_day(), directory);
	assert_int_equal(run.exit_code, 0);
	assert_non_null(strstr(run.out, "OrderTooLarge"));
	assert_non_null(strstr(run.out, " 0 fills"));
}

static void a_trail_that_is_none_is_refused(void **state) {
	(void)state;
	ix_testing_run run;
	ix_testing_shell(&run, "%s trade replay --audit %s", ix_testing_inox(), ix_testing_directory());
	assert_int_equal(run.exit_code, 3);
	ix_testing_shell(&run, "%s trade replay --audit /nonexistent", ix_testing_inox());
	assert_int_equal(run.exit_code, 3);
}

static void sigterm_ends_a_run_in_order(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	/* A stream that would take a minute, at its pace. */
	ix_testing_shell(&run,
		"%s trade run -f %s --rate 700 --audit %s/t > %s/out & p=$!; for i in $(seq 200); do [ -e "
		"%s/t/ring ] && break; sleep "
		"0.02; done; sleep 0.2; kill $p; wait $p",
		ix_testing_inox(), make_day(), directory, directory, directory);
	assert_int_equal(run.exit_code, 0);
	ix_testing_shell(&run, "%s trade replay --audit %s/t --verify --json | grep complete",
		ix_testing_inox(), directory);
	assert_non_null(strstr(run.out, "true"));
}

static void sigterm_ends_a_run_whose_feed_is_idle(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run,
		"mkfifo %s/feed; (head -c 400000 %s; exec sleep 30) > %s/feed & w=$!; %s trade run -f "
		"%s/feed --audit %s/t > "
		"%s/out & p=$!; for i in $(seq 200); do [ -L %s/t/ring -o -e %s/t/ring ] && break; sleep "
		"0.02; done; sleep 0.3; "
		"kill $p; wait $p; code=$?; kill $w; exit $code",
		directory, make_day(), directory, ix_testing_inox(), directory, directory, directory,
		directory, directory);
	assert_int_equal(run.exit_code, 0);
	ix_testing_shell(&run, "grep -c messages %s/out", directory);
	assert_int_equal(run.exit_code, 0);
}

static void limits_without_limits_and_feeds_without_messages_are_refused(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run, "printf ' \\n' > %s/l; %s trade run -f %s --risk %s/l", directory,
		ix_testing_inox(), make_day(), directory);
	assert_int_equal(run.exit_code, 3);
	assert_non_null(strstr(run.err, "there are no limits in it"));
	ix_testing_shell(&run, ": > %s/e; %s trade run -f %s/e", directory, ix_testing_inox(), directory);
	assert_int_equal(run.exit_code, 3);
	assert_non_null(strstr(run.err, "there are no messages in it"));
}

static void a_feed_that_breaks_off_still_leaves_its_report(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run,
		"head -c 700001 %s > %s/cut.itch; %s trade run -f %s/cut.itch --html %s/r.html", make_day(),
		directory, ix_testing_inox(), directory, directory);
	assert_int_equal(run.exit_code, 3);
	assert_non_null(strstr(run.out, "partial: "));
	assert_non_null(strstr(run.err, "cut.itch"));
	ix_testing_shell(&run, "grep -c cut.itch %s/r.html", directory);
	assert_int_equal(run.exit_code, 0);
}

static void replaying_a_copy_leaves_the_original_alone(void **state) {
	(void)state;
	ix_testing_run run;
	const char *directory = ix_testing_directory();
	ix_testing_shell(&run,
		"%s trade run -f %s --rate 20000 --audit %s/t > %s/out & p=$!; for i in $(seq 200); do [ -e "
		"%s/t/ring ] && break; "
		"sleep 0.02; done; sleep 0.5; cp -a %s/t %s/copy; %s trade replay --audit %s/copy > "
		"/dev/null; code=$?; "
		"[ -e %s/t/ring ] || code=99; kill -9 $p; wait $p; exit $code",
		ix_testing_inox(), make_day(), directory, directory, directory, directory, directory,
		ix_testing_inox(), directory, directory);
	assert_int_equal(run.exit_code, 0);
	ix_testing_shell(&run, "%s trade replay --audit %s/t --verify", ix_testing_inox(), directory);
	assert_int_equal(run.exit_code, 0);
}

IX_TESTS(test_trade_run, cmocka_unit_test(a_run_reports_what_it_did_and_where_its_trail_is),
	cmocka_unit_test(json_has_the_same_sums_from_a_run_and_its_replay),
	cmocka_unit_test(wrong_words_are_refused_in_one_line_and_leave_nothing),
	cmocka_unit_test(a_limits_file_rejects_what_is_beyond_it_and_the_run_says_why),
	cmocka_unit_test(a_trail_that_is_none_is_refused), cmocka_unit_test(sigterm_ends_a_run_in_order),
	cmocka_unit_test(sigterm_ends_a_run_whose_feed_is_idle),
	cmocka_unit_test(limits_without_limits_and_feeds_without_messages_are_refused),
	cmocka_unit_test(a_feed_that_breaks_off_still_leaves_its_report),
	cmocka_unit_test(replaying_a_copy_leaves_the_original_alone));
