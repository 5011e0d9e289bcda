policies-paper-day = A date in this file cannot be read ({ $why }); write it as 2024-01-02 or 2/1/2567.
policies-paper-empty = No clauses were found in this file; begin each with “ข้อ 1” or “1.” and import it again.
policies-paper-kind = It is not said which policy this is; give --kind, for example { $kinds }.
policies-paper-blank = A clause has no text; complete it and import again.
policies-paper-twice = Clause { $no } stands more than once; correct the numbers and import again.
policies-paper-number = Version { $no } is taken by another text (the newest is { $newest }); use the next number or leave it out.
policies-list = All rules
policies-list-left = { $left ->
    [0] You have acknowledged all of them
    [one] { $left } is still to be acknowledged
   *[other] { $left } are still to be acknowledged
 }
policies-which = Which one would you like to read?
policies-row = { $title } · version { $no } · { $count ->
    [one] { $count } clause
   *[other] { $count } clauses
 }
policies-none = There are no rules here yet; the secretary can import them.
policies-gone = This rule is no longer in force. Type “rules” to see the present ones.
policies-version = { $title } version { $no }
policies-since = in force since { DAY($day, style: "full") } · { $count } clauses
policies-reading = { $version }
policies-place = clause { $at }/{ $of }
policies-heading = Clause { $no } { $heading }
policies-no-clause = { $title } has no clause { $no }; the last is { $last }.
policies-next = Next
policies-back = Back
policies-from-start = From the start
policies-end = That is the end of { $version }. If you have read it, you can acknowledge it.
policies-search = Search rules
policies-search-ask = What would you like to know? Ask in your own words, for example “may I take a gift basket”.
policies-not-found = I found no clause about this. Try other words, or look at the list of rules.
policies-which-clause = It may be one of these. Choose one to read.
policies-called = { $title } clause { $no } { $heading }
policies-answer = According to { $version }, clause { $no }:
policies-clause = { $version } clause { $no }
policies-acknowledge = Acknowledge
policies-acknowledged = Recorded: you acknowledged { $version } on { DAY($at, style: "full") } at { TIME($at) }.{ $left ->
    [0] {""}
   *[other] {" "}{ $left } to go.
 }
policies-acknowledged-before = You acknowledged { $version } already, on { DAY($at, style: "full") } at { TIME($at) }.
policies-newer = Version { $old } has been replaced. In force now: { $version }.
policies-mine = What have I still to acknowledge?
policies-mine-title = To be acknowledged
policies-mine-all = You have acknowledged all { $count }.
policies-mine-left = { $count } to go. Choose one to read.
policies-mine-one = One to go: { $version }{ $old ->
    [0] {""}
   *[other] {" "}(you acknowledged version { $old })
 }
policies-changed = { $count } changed: clause { $numbers }
policies-read-all = Read all of it
policies-see-changes = See what changed
policies-changes-which = Changes of which rule?
policies-changes = { $version } differs from version { $old } in { $count ->
    [one] { $count } clause
   *[other] { $count } clauses
 }.
policies-first = { $version } is the first version.
policies-was = Before
policies-now = Now
policies-nothing = nothing
policies-taken-out = taken out
policies-share = { $version }: { $done } of { $all } have acknowledged ({ $percent }%); { $left } to go.
policies-missing = { $version }: not yet acknowledged
policies-no-unit = Without a unit
policies-heads = { $count }
policies-percent = { $percent }%
policies-shares = Acknowledgements of { $count } staff
policies-shares-title = Share that acknowledged
policies-names = Show names
policies-names-private = I show names in a private chat only.
policies-names-of = { $count } have not acknowledged { $version }.
policies-unit-names = { $unit }: { $names }
policies-everybody = Everybody has acknowledged { $version }.
