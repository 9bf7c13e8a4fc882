# xml.awk - whether a file is well-formed XML, of the kind that Hebb writes: elements, attributes,
# texts and comments. Prints what is wrong and ends with status 1.  One record is what stands
# between two '<'.

function wrong(what) {
	print FILENAME ": " what
	failed = 1
	exit 1
}

# What is not part of a tag: no stray '>' and '&' only as an entity.
function check_text(text) {
	gsub(/&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);/, "", text)
	if (text ~ /[&>]/)
		wrong("stray & or > in '" text "'")
	if (depth == 0 && text ~ /[^ \t\r\n]/)
		wrong("text outside the root: '" text "'")
}

function check_attributes(text,    name, seen) {
	while (match(text, /^[ \t\r\n]+[A-Za-z_:][-A-Za-z0-9_:.]*="[^"]*"/)) {
		name = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		sub(/^[ \t\r\n]+/, "", name)
		check_text_in(substr(name, index(name, "=") + 1))
		sub(/=.*/, "", name)
		if (name in seen)
			wrong("attribute " name " twice")
		seen[name] = 1
	}
	if (text ~ /[^ \t\r\n]/)
		wrong("not an attribute: '" text "'")
}

function check_text_in(text) {
	gsub(/&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);/, "", text)
	if (text ~ /&/)
		wrong("stray & in " text)
}

BEGIN { RS = "<" }

NR == 1 {
	check_text($0)
	next
}

/^\?/ {
	if (NR > 2 || $0 !~ /\?>[ \t\r\n]*$/)
		wrong("a declaration that is none, or not at the beginning")
	next
}

/^!--/ {
	if ($0 !~ /-->/)
		wrong("a comment that does not end, or holds a tag")
	sub(/^!--.*-->/, "")
	check_text($0)
	next
}

{
	end = index($0, ">")
	if (end == 0)
		wrong("a tag that does not end: '" $0 "'")
	tag = substr($0, 1, end - 1)
	rest = substr($0, end + 1)
	if (tag ~ /^\//) {
		if (depth == 0 || "/" open[depth] != tag)
			wrong("<" tag "> closes <" open[depth] ">")
		depth--
	} else {
		empty = sub(/\/$/, "", tag)
		if (!match(tag, /^[A-Za-z_:][-A-Za-z0-9_:.]*/))
			wrong("not a tag: <" tag ">")
		name = substr(tag, 1, RLENGTH)
		if (depth == 0 && roots++ > 0)
			wrong("a second root: <" tag ">")
		check_attributes(substr(tag, RLENGTH + 1))
		if (!empty)
			open[++depth] = name
	}
	check_text(rest)
}

END {
	if (!failed && (depth > 0 || roots != 1)) {
		print FILENAME ": " (depth > 0 ? "<" open[depth] "> is not closed" : "no root")
		exit 1
	}
}
