reminders-title = { $unit }
reminders-both = A reminder for { $unit }: { $coming } due soon, { $late } overdue. One line here is enough to report.
reminders-only-coming = A reminder for { $unit }: { $count } due soon. One line here is enough to report.
reminders-only-late = { $unit }: { $count } overdue. If it is done, report it here; if not, ask for a new date with the reason.
reminders-coming = Due soon
reminders-late = Overdue
reminders-more = and { $count } more
reminders-unheard = { $count ->
    [one] One unit has something due but cannot be reached: it has no group, and no coordinator has joined.
   *[other] { $count } units have something due but cannot be reached: they have no group, and no coordinator has joined.
  } Invite me into the unit's group and ask me in private for a group code (“group code”).
reminders-unheard-title = Not reached
