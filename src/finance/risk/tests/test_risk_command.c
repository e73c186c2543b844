/* `inox risk` as a user calls it: what it prints, what it exits with. */
#include <inox/testing.h>

#include <string.h>

static ix_testing_run run;

static int sh(const char *line) {
	static const char *directory;
	if (!directory) {
		directory = ix_testing_directory();
		ix_testing_shell(&run,
			"cd '%s' && cat >risk.conf <<'END'\n"
			"instrument ABC { lot 10; tick 0.01; average-volume 1000000; reference 10.00; }\n"
			"firm F { capital 1000000.00; daily-loss 5000.00 soft=2500.00;\n"
			" desk D { account A { position-long 1000; collar-last-percent 5%%;\n"
			"  trader T { order-shares 500 soft=300; session S1 { message-rate 100/s; } } } } }\n"
			"END\n"
			"sed 's/order-shares 500/order-shares 400/' risk.conf >new.conf\n"
			"echo "
			"'{\"session\":\"S1\",\"symbol\":\"ABC\",\"side\":\"buy\",\"quantity\":605,\"price\":"
			"\"11.00\","
			"\"market\":{\"last\":\"10.00\"}}' >bad.json\n"
			"echo "
			"'{\"session\":\"S1\",\"symbol\":\"ABC\",\"side\":\"buy\",\"quantity\":100,\"price\":"
			"\"10.00\","
			"\"market\":{\"last\":\"10.00\"}}' >good.json\n"
			"printf "
			"'event,session,symbol,side,quantity,price,last\\nmarket,,ABC,,,,10.00\\n,S1,ABC,buy,"
			"300,10.00,\\n"
			",S1,ABC,buy,400,10.00,\\n,S1,ABC,buy,310,10.00,\\n' >orders.csv\n",
			directory);
		assert_int_equal(run.exit_code, 0);
	}
	ix_testing_shell(&run, "cd '%s' && I='%s' && %s", directory, ix_testing_inox(), line);
	return run.exit_code;
}

static void assert_sh(const char *line, int code, const char *says) {
	sh(line);
	if (run.exit_code != code)
		fail_msg("%s\nexit %d and not %d\n%s\n%s", line, run.exit_code, code, run.out, run.err);
	if (!strstr(code > 1 ? run.err : run.out, says))
		fail_msg("%s\ndoes not say '%s':\n%s\n%s", line, says, run.out, run.err);
}

static void check_says_whether_an_order_may_go_out(void **state) {
	(void)state;
	assert_sh("$I risk check good.json --limits risk.conf", 0, "passed\n");
	assert_sh("$I risk check bad.json --limits risk.conf", 1,
		"rejected: OrderTooLarge, CollarLast, NotALot\n");
	assert_sh("$I risk check bad.json -l risk.conf --explain", 1,
		"order-shares of the trader: 605, and the limit is 500");
	assert_sh(
		"cat bad.json | $I risk check - -l risk.conf --json | python3 -c '"
		"import json, sys; d = json.load(sys.stdin); assert not d[\"passes\"] and d[\"rejects\"] == "
		"[\"OrderTooLarge\", \"CollarLast\", \"NotALot\"], d; assert d[\"findings\"][3][\"value\"] "
		"== \"10%\", d; print(\"right\")'",
		0, "right");
	assert_sh("$I risk check good.json", 2, "there are no limits");
	assert_sh("echo '{' | $I risk check - -l risk.conf", 3, "inox risk: -: offset 2 (line 2, column 1)");
}

static void what_if_sends_a_file_of_orders(void **state) {
	(void)state;
	assert_sh("$I risk what-if orders.csv -l risk.conf --csv", 1,
		"5,order,S1,ABC,buy,310,10.0000,rejected,PositionLimitExceeded,OrderTooLarge\r\n");
	assert_sh("head -3 orders.csv | $I risk what-if - -l risk.conf", 0, "passed");
	assert_sh("(head -1 orders.csv; echo ,S1,NONE,buy,1,1,) | $I risk what-if - -l risk.conf", 3,
		"inox risk: -: line 2, column 5: there is no symbol 'NONE'\n");
}

static void limits_are_shown_set_compared_and_remembered(void **state) {
	(void)state;
	assert_sh("rm -rf s && $I risk limits set risk.conf --state s --who ann --why first", 0,
		"version 1 is in force");
	assert_sh("$I risk limits set new.conf --state s --who ann --why second", 0, "version 2 is in force");
	assert_sh("$I risk limits set new.conf --state s", 2, "set takes a FILE");
	assert_sh("$I risk limits show --state s --csv", 0, "trader,T,,order-shares,400,300\r\n");
	assert_sh("$I risk limits diff risk.conf new.conf --csv", 1,
		"trader,T,,order-shares,500 soft=300,400 soft=300\r\n");
	assert_sh("$I risk limits diff --state s new.conf", 0, "");
	assert_sh("$I risk limits history --state s --csv", 0, "limits,2,,,ann,second\r\n");
	assert_sh("sed 's/lot 10/lott 10/' risk.conf >wrong.conf; $I risk limits set wrong.conf --state s "
		  "--who ann --why x",
		3,
		"inox risk: wrong.conf:1:18: unknown directive 'lott' in 'instrument'; did you mean "
		"'lot'?\n");
	assert_sh("$I risk limits show --state s --csv", 0, "trader,T,,order-shares,400,300\r\n");
}

static void a_kill_switch_takes_one_and_lifting_it_takes_two(void **state) {
	(void)state;
	assert_sh("rm -rf s && $I risk limits set risk.conf --state s --who ann --why first", 0, "");
	assert_sh("$I risk kill account A --state s --who ann --reason runaway", 0, "account A is blocked");
	assert_sh("$I risk check good.json --state s", 1, "rejected: Killed");
	assert_sh("$I risk unkill account A --state s --who ann", 1, "still blocked");
	assert_sh("$I risk unkill account A --state s --who ann", 4, "it takes somebody else");
	assert_sh("$I risk unkill account A --state s --who bob", 0, "no longer blocked");
	assert_sh("$I risk check good.json --state s", 0, "passed");
	assert_sh("$I risk kill account Z --state s --who ann --reason x", 3, "there is no account 'Z'");
	assert_sh(
		"$I risk kill symbol ABC --state s --who ann --reason x --json", 0, "\"state\": \"blocked\"");
}

static void the_report_has_controls_changes_and_reviews(void **state) {
	(void)state;
	assert_sh("rm -rf s && $I risk limits set risk.conf --state s --who ann --why first", 0, "");
	assert_sh("$I risk report --state s", 1, "NOT REVIEWED WITHIN A YEAR");
	assert_sh("$I risk certify --state s --who boss --why 'no findings'", 0, "on record");
	assert_sh("$I risk report --rule 15c3-5 --state s", 0, "reviewed within a year");
	assert_sh("$I risk report --state s --from 2099-01-01T00:00:00Z --json | python3 -c '"
		  "import json, sys; d = json.load(sys.stdin); assert d[\"certified_within_a_year\"] and "
		  "d[\"changes\"] == [], d; "
		  "assert d[\"certifications\"][0][\"why\"] == \"no findings\" and len(d[\"controls\"]) == "
		  "6, d; print(\"right\")'",
		0, "right");
	assert_sh("$I risk report --state nowhere", 3, "nowhere");
}

IX_TESTS(test_risk_command, cmocka_unit_test(check_says_whether_an_order_may_go_out),
	cmocka_unit_test(what_if_sends_a_file_of_orders),
	cmocka_unit_test(limits_are_shown_set_compared_and_remembered),
	cmocka_unit_test(a_kill_switch_takes_one_and_lifting_it_takes_two),
	cmocka_unit_test(the_report_has_controls_changes_and_reviews));
