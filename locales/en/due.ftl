due-no-plan = No plan is active yet. The secretary can send me the plan as an Excel file in a private chat.
due-unit = { $unit }
due-all-units = All units
due-range = { DAY($start) } to { DAY($end) }
due-range-day = { DAY($start) }
due-range-month = { DAY($day, style: "month") }
due-as-of = as of { DAY($day) }
due-on = due { DAY($day) }
due-some = { $range }, { $who }: { $count } due.
due-none = { $range }, { $who }: nothing is due.{ $after }
due-all-done = { $range }, { $who }: everything is done.
due-due = Due in this time
due-overdue = Overdue
due-open = Under way
due-more = and { $count } more
due-next-choice = Next due
due-late-none = { $who }: nothing is overdue.
due-late-some = { $who }: { $count } overdue.
due-next-none = { $who }: nothing more is to come.
due-next-some = Next for { $who }: { DAY($day) } ({ $days ->
    [one] 1 day
   *[other] { $days } days
  } left).
due-coming = Next
due-none-open = { $range }, { $who }: nothing is due; { $count } under way.{ $after }
due-then = {" "}Next due { DAY($day) } ({ $days } days left).
due-then-none = {""}
due-late-already = { $count } overdue before that
due-late-choice = What is overdue
due-each = { $parts }
due-after-plan = { $range }, { $who }: nothing is due. The plan in use is for the fiscal year { $year }; { $count } of it go on.
