/* conf_parse.c - tokens to the tree: directives, blocks, includes. Goes on after an error, so that all of
 * them are told at once; what is wrong is marked, so that the schema does not complain of it a second time.
 */
#include "conf_inside.h"

/* What is being read of one file; the values of a directive are gathered here first. */
typedef struct parser {
	ix_conf_check *check;
	ix_conf_lexer lexer;
	ix_conf_token last; /* the one before, to point behind it */
	ix_conf_value *values;
	size_t value_capacity;
	size_t include_depth;
	bool told_open;
} parser;

/* Where the next directive of a block is linked in. */
typedef struct block {
	ix_conf_node *node;
	const ix_conf_node **tail;
	size_t depth;
} block_end;

static void parse_file(ix_conf_check *check, uint32_t file, block_end *to, size_t include_depth);

void *ix_conf_take(ix_conf_check *check, size_t count, size_t size, size_t alignment) {
	void *out = ix_arena_take_zeroed(check->arena, count, size, alignment);
	if (!out) check->stopped = IX_ERR_MEMORY;
	return out;
}

static ix_conf_place token_place(const parser *p, const ix_conf_token *token) {
	return ix_conf_token_place(p->lexer.file, token);
}

static ix_conf_place behind_last(const parser *p) {
	ix_conf_place place = token_place(p, &p->last);
	place.column += place.width;
	place.width = 1;
	return place;
}

static bool count_token(parser *p, const ix_conf_token *token) {
	ix_conf_check *check = p->check;
	if (++check->token_count <= check->limits.token_count_max) return true;
	ix_conf_stop(check, IX_ERR_LIMIT, token_place(p, token), "there are more than %zu names and values",
		check->limits.token_count_max);
	return false;
}

/* ---- values ---- */

static bool add_value(parser *p, size_t count, const ix_conf_token *token, bool after_comma) {
	if (count == p->value_capacity) {
		size_t capacity = count < 16 ? 16 : count * 2;
		ix_conf_value *larger = ix_conf_new(p->check, ix_conf_value, capacity);
		if (!larger) return false;
		if (count) memcpy(larger, p->values, count * sizeof *larger);
		p->values = larger;
		p->value_capacity = capacity;
	}
	ix_conf_value *v = &p->values[count];
	*v = (ix_conf_value){
		.source = token->source,
		.line = token->line,
		.column = token->column,
		.quoted = token->kind == IX_CONF_TOKEN_QUOTED,
		.has_variable = token->has_variable,
		.after_comma = after_comma,
	};
	return ix_conf_decode(p->check, p->lexer.file, token, &v->text);
}

static void keep_values(parser *p, ix_conf_node *node, size_t count) {
	if (count == 0) return;
	ix_conf_value *values =
		ix_arena_take(p->check->arena, count * sizeof *values, _Alignof(ix_conf_value));
	if (!values) {
		p->check->stopped = IX_ERR_MEMORY;
		return;
	}
	memcpy(values, p->values, count * sizeof *values);
	node->values = values;
	node->value_count = (uint32_t)count;
}

/* Up to what ends the directive, which is returned. */
static ix_conf_token parse_values(parser *p, ix_conf_node *node) {
	size_t count = 0;
	bool comma = false;
	ix_conf_token token;
	for (;; p->last = token) {
		token = ix_conf_lex(&p->lexer, false);
		bool is_value = token.kind == IX_CONF_TOKEN_WORD || token.kind == IX_CONF_TOKEN_QUOTED;
		if (p->check->stopped || (is_value && !count_token(p, &token))) break;
		if (is_value) {
			if (!add_value(p, count, &token, comma)) node->is_bad = true;
			if (p->check->stopped) break;
			count++;
			comma = false;
		} else if (token.kind == IX_CONF_TOKEN_COMMA) {
			if (count == 0 || comma) {
				ix_conf_tell(p->check, IX_ERR_SYNTAX, token_place(p, &token),
					"there is no value before this ','");
				node->is_bad = true;
			}
			comma = count > 0;
		} else if (token.kind == IX_CONF_TOKEN_BAD) {
			node->is_bad = true;
			comma = false;
			if (token.ends_with == 0) continue;
			token.kind = token.ends_with == ';'   ? IX_CONF_TOKEN_SEMICOLON
				     : token.ends_with == '{' ? IX_CONF_TOKEN_OPEN
							      : IX_CONF_TOKEN_CLOSE;
			break;
		} else {
			if (comma) {
				ix_conf_tell(p->check, IX_ERR_SYNTAX, token_place(p, &p->last),
					"there is no value after this ','");
				node->is_bad = true;
			}
			break;
		}
	}
	keep_values(p, node, count);
	return token;
}

/* ---- includes ---- */

static bool has_pattern(const ix_conf_value *v) {
	for (size_t i = 0; !v->quoted && i < v->text.size; i++) {
		char c = v->text.data[i];
		if (c == '*' || c == '?' || c == '[') return true;
	}
	return false;
}

ix_str ix_conf_join(ix_conf_check *check, ix_str file, ix_str path) {
	size_t folder = file.size;
	while (folder > 0 && file.data[folder - 1] != '/') folder--;
	if (path.size > 0 && path.data[0] == '/') folder = 0;
	char *out = ix_conf_new(check, char, folder + path.size + 1);
	if (!out) return path;
	size_t size = folder;
	if (folder) memcpy(out, file.data, folder);
	while (path.data) {
		size_t before = path.size;
		ix_str part = ix_str_cut(&path, '/');
		bool slash = part.size < before, leading = size == 0 && part.size == 0 && slash;
		if (!leading && (part.size == 0 || ix_str_equal(part, IX_STR(".")))) continue;
		if (part.size) memcpy(out + size, part.data, part.size);
		size += part.size;
		if (slash) out[size++] = '/';
	}
	return (ix_str){out, size};
}

static bool is_being_read(ix_conf_check *check, uint32_t file, ix_str name) {
	for (;; file = check->conf->files[file].includer) {
		if (ix_str_equal(check->conf->files[file].name, name)) return true;
		if (file == 0) return false;
	}
}

static void include_one(parser *p, const ix_conf_node *node, ix_str path, block_end *to) {
	ix_conf_check *check = p->check;
	const ix_conf_loader *loader = check->options->loader;
	ix_conf_place place = ix_conf_value_place(node, 0);
	ix_str text = {NULL, 0};
	ix_error err = {0};
	if (is_being_read(check, node->file, path)) {
		ix_conf_tell(check, IX_ERR_INVALID, place, "'%.*s' includes itself",
			IX_STR_ARG(ix_conf_shown(check, path)));
		return;
	}
	if (p->include_depth >= check->limits.include_depth_max) {
		ix_conf_stop(check, IX_ERR_LIMIT, place, "files are included more than %zu deep",
			check->limits.include_depth_max);
		return;
	}
	int code = loader->read(loader->context, path, check->arena, &text, &err);
	if (code) {
		ix_conf_tell(check, code, place, "'%.*s' cannot be read: %s",
			IX_STR_ARG(ix_conf_shown(check, path)), err.text[0] ? err.text : ix_code_name(code));
		return;
	}
	ix_conf_file *file = ix_conf_add_file(check, path, text, node->file, place);
	if (file) parse_file(check, (uint32_t)(file - check->conf->files), to, p->include_depth + 1);
}

static void include(parser *p, const ix_conf_node *node, block_end *to) {
	ix_conf_check *check = p->check;
	const ix_conf_loader *loader = check->options->loader;
	if (node->is_bad) return;
	if (node->has_block || node->value_count != 1) {
		ix_conf_tell(check, IX_ERR_SYNTAX, ix_conf_name_place(node),
			"'include' takes one file, and no block");
		return;
	}
	ix_conf_place place = ix_conf_value_place(node, 0);
	if (!loader || !loader->read) {
		ix_conf_tell(check, IX_ERR_UNSUPPORTED, ix_conf_name_place(node),
			"other files cannot be included here");
		return;
	}
	ix_str path = ix_conf_join(check, check->conf->files[node->file].name, node->values[0].text);
	if (!has_pattern(&node->values[0])) {
		include_one(p, node, path, to);
		return;
	}
	ix_str *paths = NULL;
	size_t count = 0;
	ix_error err = {0};
	int code = loader->list ? loader->list(loader->context, path, check->arena, &paths, &count, &err)
				: ix_fail(&err, IX_ERR_UNSUPPORTED, "patterns are not available here");
	if (code)
		ix_conf_tell(check, code, place, "'%.*s': %s", IX_STR_ARG(ix_conf_shown(check, path)),
			err.text[0] ? err.text : ix_code_name(code));
	for (size_t i = 0; i < count && !check->stopped; i++) include_one(p, node, paths[i], to);
}

/* ---- directives ---- */

static void parse_block(parser *p, block_end *in, const ix_conf_node *opened);

static void append(block_end *to, ix_conf_node *node) {
	*to->tail = node;
	to->tail = &node->next;
}

static void parse_child_block(parser *p, ix_conf_node *node, size_t depth) {
	if (depth > p->check->limits.depth_max) {
		ix_conf_stop(p->check, IX_ERR_LIMIT, ix_conf_name_place(node),
			"blocks stand more than %zu deep in each other", p->check->limits.depth_max);
		return;
	}
	node->has_block = true;
	block_end inside = {node, &node->child, depth};
	parse_block(p, &inside, node);
}

static void parse_directive(parser *p, const ix_conf_token *name, block_end *in) {
	ix_conf_check *check = p->check;
	ix_conf_node *node = ix_conf_new(check, ix_conf_node, 1);
	if (!node || !count_token(p, name)) return;
	*node = (ix_conf_node){
		.name = name->source,
		.parent = in->node,
		.file = p->lexer.file,
		.line = name->line,
		.column = name->column,
	};
	if (name->source.size > check->limits.string_size_max) {
		ix_conf_tell(check, IX_ERR_LIMIT, token_place(p, name), "this name is longer than %zu bytes",
			check->limits.string_size_max);
		node->is_bad = true;
	} else if (name->has_variable) {
		ix_conf_tell(check, IX_ERR_SYNTAX, token_place(p, name),
			"a directive's name cannot hold a variable");
		node->is_bad = true;
	}
	p->last = *name;
	ix_conf_token end = parse_values(p, node);
	if (check->stopped) return;
	bool is_include = ix_str_equal(node->name, IX_STR("include")) && !check->as_written;
	if (!is_include) append(in, node);
	if (end.kind == IX_CONF_TOKEN_OPEN) {
		parse_child_block(p, node, in->depth + 1);
	} else if (end.kind == IX_CONF_TOKEN_CLOSE || end.kind == IX_CONF_TOKEN_END) {
		if (!node->is_bad) ix_conf_tell(check, IX_ERR_SYNTAX, behind_last(p), "';' is missing here");
		p->lexer.pushed = end;
		p->lexer.has_pushed = true;
	} else {
		p->last = end;
	}
	if (is_include && !check->stopped) include(p, node, in);
}

/* What may not begin a directive. */
static void tell_stray(parser *p, const ix_conf_token *token) {
	const char *says =
		token->kind == IX_CONF_TOKEN_QUOTED ? "a directive begins with a name, not with a quoted text"
		: token->kind == IX_CONF_TOKEN_SEMICOLON ? "this ';' ends nothing; remove it"
		: token->kind == IX_CONF_TOKEN_COMMA     ? "a directive begins with a name, not with ','"
							 : "this block has no name";
	ix_conf_tell(p->check, IX_ERR_SYNTAX, token_place(p, token), "%s", says);
}

/* Up to the end of what cannot be read: its ';', or its whole block, which is read and forgotten. */
static void pass_over(parser *p, const ix_conf_token *token, block_end *in) {
	ix_conf_node *node = ix_conf_new(p->check, ix_conf_node, 1);
	if (!node) return;
	*node = (ix_conf_node){.name = token->source,
		.parent = in->node,
		.file = p->lexer.file,
		.line = token->line,
		.column = token->column,
		.is_bad = true};
	p->last = *token;
	ix_conf_token end = *token;
	if (token->kind == IX_CONF_TOKEN_BAD && token->ends_with)
		end.kind = token->ends_with == ';'   ? IX_CONF_TOKEN_SEMICOLON
			   : token->ends_with == '{' ? IX_CONF_TOKEN_OPEN
						     : IX_CONF_TOKEN_CLOSE;
	else if (token->kind != IX_CONF_TOKEN_OPEN)
		end = parse_values(p, node);
	if (p->check->stopped) return;
	if (end.kind == IX_CONF_TOKEN_OPEN) {
		parse_child_block(p, node, in->depth + 1);
	} else if (end.kind != IX_CONF_TOKEN_SEMICOLON) {
		p->lexer.pushed = end;
		p->lexer.has_pushed = true;
	}
}

/* Directives up to the `}` of `opened` or, where that is NULL, to the end of the file. */
static void parse_block(parser *p, block_end *in, const ix_conf_node *opened) {
	while (!p->check->stopped) {
		ix_conf_token token = ix_conf_lex(&p->lexer, false);
		switch (token.kind) {
		case IX_CONF_TOKEN_WORD: parse_directive(p, &token, in); break;
		case IX_CONF_TOKEN_END:
			/* One is told, the innermost: the ones around it may well be closed below. */
			if (opened && !p->told_open)
				ix_conf_tell(p->check, IX_ERR_TRUNCATED, ix_conf_name_place(opened),
					"the block of '%.*s' is not closed: a '}' is missing",
					IX_STR_ARG(ix_conf_shown(p->check, opened->name)));
			p->told_open = true;
			return;
		case IX_CONF_TOKEN_CLOSE:
			if (opened) {
				p->last = token;
				return;
			}
			ix_conf_tell(
				p->check, IX_ERR_SYNTAX, token_place(p, &token), "this '}' closes nothing");
			break;
		case IX_CONF_TOKEN_BAD: pass_over(p, &token, in); break;
		case IX_CONF_TOKEN_OPEN:
		case IX_CONF_TOKEN_QUOTED:
			tell_stray(p, &token);
			pass_over(p, &token, in);
			break;
		default: tell_stray(p, &token);
		}
	}
}

/* ---- files ---- */

ix_conf_file *ix_conf_add_file(
	ix_conf_check *check, ix_str name, ix_str text, uint32_t includer, ix_conf_place place) {
	ix_conf *conf = check->conf;
	if (conf->file_count == check->limits.file_count_max) {
		ix_conf_stop(check, IX_ERR_LIMIT, place, "there are more than %zu files",
			check->limits.file_count_max);
		return NULL;
	}
	if (conf->file_count == check->file_capacity) {
		size_t capacity = conf->file_count * 2;
		ix_conf_file *larger = ix_conf_new(check, ix_conf_file, capacity);
		if (!larger) return NULL;
		memcpy(larger, conf->files, conf->file_count * sizeof *larger);
		conf->files = larger;
		check->file_capacity = capacity;
	}
	ix_conf_file *file = &conf->files[conf->file_count];
	*file = (ix_conf_file){name, text, includer};
	if (text.size > check->limits.size_max - check->size) {
		ix_conf_stop(check, IX_ERR_LIMIT, place, "there are more than %zu bytes to read",
			check->limits.size_max);
		return NULL;
	}
	check->size += text.size;
	conf->file_count++;
	return file;
}

static void parse_file(ix_conf_check *check, uint32_t file, block_end *to, size_t include_depth) {
	parser p = {.check = check, .include_depth = include_depth};
	if (ix_conf_lexer_init(&p.lexer, check, file)) parse_block(&p, to, NULL);
}

void ix_conf_read_files(ix_conf_check *check) {
	block_end root = {&check->conf->root, &check->conf->root.child, 0};
	check->conf->root.has_block = true;
	parse_file(check, 0, &root, 0);
}

static size_t or_default(size_t value, size_t fallback) { return value ? value : fallback; }

void ix_conf_check_init(ix_conf_check *check, ix_arena *arena, const ix_conf_options *options) {
	const ix_conf_limits *l = &options->limits;
	*check = (ix_conf_check){.arena = arena, .options = options};
	check->limits = (ix_conf_limits){
		.size_max = or_default(l->size_max, IX_CONF_SIZE_MAX),
		.token_count_max = or_default(l->token_count_max, IX_CONF_TOKEN_COUNT_MAX),
		.depth_max = ix_size_min(or_default(l->depth_max, IX_CONF_DEPTH_MAX), IX_CONF_DEPTH_LIMIT),
		.string_size_max = or_default(l->string_size_max, IX_CONF_STRING_SIZE_MAX),
		.file_count_max = or_default(l->file_count_max, IX_CONF_FILE_COUNT_MAX),
		.include_depth_max = ix_size_min(or_default(l->include_depth_max, IX_CONF_INCLUDE_DEPTH_MAX),
			IX_CONF_INCLUDE_DEPTH_LIMIT),
		.problem_count_max = or_default(l->problem_count_max, IX_CONF_PROBLEM_COUNT_MAX),
	};
	check->conf = ix_conf_new(check, ix_conf, 1);
	if (check->conf) check->conf->files = ix_conf_new(check, ix_conf_file, 4);
	check->file_capacity = 4;
}

int ix_conf_parse(ix_arena *arena, ix_str name, ix_str text, const ix_conf_options *options,
	const ix_conf **ret_conf, ix_error *err) {
	static const ix_conf_options plain;
	ix_conf_check check;
	ix_conf_check_init(&check, arena, options ? options : &plain);
	if (check.stopped) return ix_fail(err, IX_ERR_MEMORY, "%.*s: out of memory", IX_STR_ARG(name));
	/* The place of the first file's own problems: the file as a whole. */
	check.conf->files[0] = (ix_conf_file){name, text, 0};
	if (ix_conf_add_file(&check, name, text, 0, (ix_conf_place){0, 0, 0, 0})) ix_conf_read_files(&check);
	const ix_conf_schema *schema = check.options->schema;
	void *filled =
		schema && schema->size && !check.stopped ? ix_conf_take(&check, 1, schema->size, 16) : NULL;
	if (schema && !check.stopped) ix_conf_check_tree(&check, filled);
	int code = ix_conf_conclude(&check, err);
	if (code) return code;
	if (filled && check.options->into) memcpy(check.options->into, filled, schema->size);
	if (ret_conf) *ret_conf = check.conf;
	return 0;
}

int ix_conf_load(ix_arena *arena, ix_str path, const ix_conf_options *options, const ix_conf **ret_conf,
	ix_error *err) {
	ix_str text;
	const ix_conf_loader *loader = options->loader;
	int code = loader->read(loader->context, path, arena, &text, err);
	if (code) return ix_wrap(err, code, "%.*s", IX_STR_ARG(path));
	return ix_conf_parse(arena, path, text, options, ret_conf, err);
}

/* ---- walking ---- */

const ix_conf_node *ix_conf_root(const ix_conf *conf) { return &conf->root; }

static const ix_conf_node *from(const ix_conf_node *node, ix_str name) {
	while (node && !ix_str_equal(node->name, name)) node = node->next;
	return node;
}

const ix_conf_node *ix_conf_find(const ix_conf_node *block, ix_str name) { return from(block->child, name); }

const ix_conf_node *ix_conf_again(const ix_conf_node *node) { return from(node->next, node->name); }

ix_str ix_conf_text(const ix_conf_node *node, size_t index) {
	return index < node->value_count ? node->values[index].text : IX_STR("");
}

size_t ix_conf_file_count(const ix_conf *conf) { return conf->file_count; }

ix_str ix_conf_file_name(const ix_conf *conf, size_t index) {
	return index < conf->file_count ? conf->files[index].name : IX_STR("");
}
