#!/bin/sh
# Counts the instructions of decoding a seeded list, wire to model, and fails where one case takes more than the
# tolerance above its recorded number. Instructions, unlike time, do not depend on what else the machine does.
#
#   benches/instructions.sh            compares with benches/instructions.tsv
#   benches/instructions.sh --record   writes benches/instructions.tsv
#
# A count that is as far below is told too, and is no failure: record it with the change that earned it.
set -eu
cd "$(dirname "$0")/.."
recorded=benches/instructions.tsv
tolerance=3 # percent

command -v valgrind >/dev/null || { apt-get update -qq && apt-get install -y -qq valgrind >/dev/null; }

program=$(cargo bench -q -p polyprofile --bench instructions --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*instructions-[^"]*\)".*/\1/p' | tail -n 1)

counts=$(
    while read -r case rows; do
        # What a case costs apart from its rows is in none of them: only the decoding is counted.
        valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*decode_counted*' \
            "$program" "$case" "$rows" 2>&1 |
            sed -n "s/.*Collected : \([0-9]*\).*/$case	$rows	\1/p"
    done <<-CASES
	postproxy 10000
	salvage 200
	postcore 5000
	postpress 5000
	CASES
)

if [ "${1:-}" = --record ]; then
    printf '%s\n' "$counts" >"$recorded"
    cat "$recorded"
    exit
fi

printf '%s\n' "$counts" | awk -F '\t' -v tolerance="$tolerance" -v recorded="$recorded" '
    BEGIN { while ((getline line < recorded) > 0) { split(line, part, "\t"); before[part[1] "\t" part[2]] = part[3]; known++ } }
    {
        was = before[$1 "\t" $2]
        if (!was || !$3) { print $1 ": not recorded, or not counted"; failed = 1; next }
        change = ($3 - was) * 100 / was
        verdict = change > tolerance ? "TOO MANY" : change < -tolerance ? "fewer: record it" : "ok"
        printf "%-10s %7d rows %12d instructions, %7.0f a row, %+.2f %%  %s\n", $1, $2, $3, $3 / $2, change, verdict
        failed += change > tolerance
        seen++
    }
    END { exit failed || seen != known }
'
