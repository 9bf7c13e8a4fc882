/* SPDX-License-Identifier: MIT */
/*
 * terminal_text.c - UTF-8 for people, and ASCII where UTF-8 cannot be shown
 *
 * Formulas are written once, with Greek letters and raised and lowered digits.  A terminal without
 * UTF-8 gets the words and signs that people type in their place.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "hebb_advanced.h"
#include "terminal.h"

typedef struct replacement {
	const char *utf8, *ascii;
} replacement;

static const replacement ordinary[] = {
	{"α", "alpha"},   {"β", "beta"},   {"γ", "gamma"}, {"δ", "delta"},
	{"ε", "epsilon"}, {"η", "eta"},    {"θ", "theta"}, {"λ", "lambda"},
	{"μ", "mu"},      {"µ", "u"}, /* the sign of 10^-6, not the letter */
	{"π", "pi"},      {"ρ", "rho"},    {"σ", "sigma"}, {"φ", "phi"},
	{"ϕ", "phi"},     {"Δ", "Delta"},  {"Σ", "Sum"},   {"∑", "Sum"},
	{"Φ", "Phi"},     {"∂", "d"},      {"√", "sqrt"},  {"∇", "grad"},
	{"·", "*"},       {"⋅", "*"},      {"×", "x"},     {"÷", "/"},
	{"−", "-"},       {"±", "+-"},     {"≤", "<="},    {"≥", ">="},
	{"≠", "!="},      {"≈", "~"},      {"→", "->"},    {"←", "<-"},
	{"½", "1/2"},     {"‖", "||"},     {"∘", "o"},     {"⊙", "o"},
	{"•", "o"},       {"●", "o"},      {"○", "o"},     {"∈", "in"},
	{"∞", "inf"},     {"′", "'"},      {"“", "\""},    {"”", "\""},
	{"‘", "'"},       {"’", "'"},      {"…", "..."},   {"–", "-"},
	{"—", "-"},       {"\u00a0", " "}, {"⁽", "("},     {"⁾", ")"},
	{"₊", "+"},       {"₋", "-"},      {"ᵢ", "_i"},    {"ⱼ", "_j"},
	{"ₗ", "_l"},      {"ₖ", "_k"},     {"ₘ", "_m"},    {"ₙ", "_n"},
	{"─", "-"},       {"━", "-"},      {"═", "-"},     {"╴", "-"},
	{"╶", "-"},       {"│", "|"},      {"┃", "|"},     {"║", "|"},
	{"╵", "|"},       {"╷", "|"},      {"░", "."},     {"▒", ":"},
	{"▓", "*"},
};

/* Raised characters. A caret is printed where they stand alone. */
static const replacement raised[] = {
	{"⁰", "^0"}, {"¹", "^1"}, {"²", "^2"}, {"³", "^3"}, {"⁴", "^4"}, {"⁵", "^5"},
	{"⁶", "^6"}, {"⁷", "^7"}, {"⁸", "^8"}, {"⁹", "^9"}, {"ᵀ", "^T"}, {"ⁿ", "^n"},
	{"ⁱ", "^i"}, {"ˡ", "l"},  {"⁺", "+"},  {"⁻", "-"},
};

int is_utf8(void)
{
	static const char *const variable[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof variable / sizeof *variable; i++) {
		const char *value = getenv(variable[i]);

		if (!value || !*value)
			continue;
		for (; *value; value++) {
			if ((value[0] | 0x20) == 'u' && (value[1] | 0x20) == 't' &&
			    (value[2] | 0x20) == 'f' && value[3 + (value[3] == '-')] == '8')
				return 1;
		}
		return 0;
	}
	return 0;
}

/* The code point of one character, which is UTF-8. */
static unsigned long code_of(const char *one, size_t bytes)
{
	unsigned long code = (unsigned char)one[0] & (bytes == 1 ? 0x7f : 0xffu >> (bytes + 1));

	for (size_t i = 1; i < bytes; i++)
		code = code << 6 | ((unsigned char)one[i] & 0x3f);
	return code;
}

unsigned long next_character(const char **at, char one[5])
{
	char shown[HEBB_SHOWN_MOST];
	size_t bytes = hebb_show_character(*at, strnlen(*at, 4), shown);

	strcpy(one, strncmp(*at, shown, bytes) == 0 ? shown : "?");
	*at += bytes;
	return code_of(one, strlen(one));
}

static const char *find(const replacement *table, size_t n, const char *utf8)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(table[i].utf8, utf8) == 0)
			return table[i].ascii;
	}
	return NULL;
}

static const char *find_raised(const char *utf8)
{
	return find(raised, sizeof raised / sizeof *raised, utf8);
}

/* What an ordinary character is in ASCII. */
static const char *ordinary_ascii(unsigned long code, char one[5])
{
	const char *known = find(ordinary, sizeof ordinary / sizeof *ordinary, one);

	if (known || code < 0x80)
		return known ? known : one;
	if (code >= 0x2080 && code <= 0x2089) { /* lowered digits */
		one[0] = (char)('0' + (code - 0x2080));
		one[1] = '\0';
		return one;
	}
	if (code >= 0x2500 &&
	    code < 0x2580) /* lines of boxes: the corners and crossings are left */
		return "+";
	return code >= 0x2580 && code < 0x25a0 ? "#" : "?"; /* blocks */
}

/* The state of the translation of raised and lowered characters. */
typedef struct raising {
	int inside;  /* the signs of raised brackets */
	int before;  /* the last character was raised */
	int lowered; /* the last character was a lowered digit or letter */
} raising;

/* A run of lowered characters has one underscore, and none if it begins with a digit: w_ij, w1j,
 * w11. */
static const char *lower(const char *ascii, unsigned long code, raising *now)
{
	int is_letter = ascii[0] == '_' && code >= 0x80;

	if (is_letter && now->lowered)
		ascii++;
	now->lowered = is_letter || (code >= 0x2080 && code <= 0x2089);
	return ascii;
}

/* Steps over a character and returns it in ASCII; `one` is where it may be kept.  A run of raised
 * characters has one caret, and none in raised brackets: x^12, 10^-3, h(l-1). */
static const char *step_ascii(const char **at, char one[5], raising *now)
{
	char following[5];
	unsigned long code = next_character(at, one);
	const char *ascii = find_raised(one), *peek = *at;

	if (!ascii) {
		now->inside = strcmp(one, "⁽") == 0 || (now->inside && strcmp(one, "⁾") != 0);
		now->before = 0;
		ascii = code ? ordinary_ascii(code, one) : NULL;
		return code ? lower(ascii, code, now) : NULL;
	}
	if (ascii[0] == '^' && (now->inside || now->before))
		ascii++;
	else if (ascii[0] != '^' && !now->inside && !now->before) {
		next_character(&peek, following);
		const char *next = find_raised(following);
		if (next && next[0] == '^' && ascii[0] != 'l')
			ascii = ascii[0] == '-' ? "^-" : "^+";
	}
	now->before = 1;
	now->lowered = 0;
	return ascii;
}

static const char *step(const char **at, char one[5], raising *now, int utf8)
{
	if (!utf8)
		return step_ascii(at, one, now);
	return next_character(at, one) ? one : NULL;
}

void print_text(FILE *stream, const char *utf8)
{
	raising now = {0, 0, 0};
	char one[5];
	int shown = is_utf8();

	for (const char *next; (next = step(&utf8, one, &now, shown));)
		fputs(next, stream);
}

static char *translate(const char *text, char *shown, size_t size, int utf8)
{
	raising now = {0, 0, 0};
	char one[5];
	size_t length = 0;

	for (const char *next; (next = step(&text, one, &now, utf8));) {
		size_t more = strlen(next);
		if (length + more >= size)
			break;
		memcpy(shown + length, next, more);
		length += more;
	}
	shown[length] = '\0';
	return shown;
}

char *text_shown(const char *utf8, char *shown, size_t size)
{
	return translate(utf8, shown, size, is_utf8());
}

char *text_ascii(const char *utf8, char *shown, size_t size)
{
	return translate(utf8, shown, size, 0);
}
