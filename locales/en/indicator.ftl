indicator-help = the assessment's indicators, their questions and O items
indicator-list-help = show the indicators, what belongs to each and how many measures answer to it
indicator-set-help = set the questions and O items of an indicator for this agency
indicator-no-help = number or name of the indicator
indicator-codes-help = ranges, as in "O1-O23" or "i10-i12" (- goes back to what is known of the year)
indicator-row = { $no } { $name } [{ $codes }] { $measures } measures
indicator-codes-bad = the range “{ $codes }” cannot be read; write "O1-O23" or "i10, i11"
indicator-kept = Kept: indicator { $no } { $name }: { $codes }
