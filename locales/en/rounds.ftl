rounds-no-plan = There is no active plan yet. The secretary can send its Excel file in a private chat.
rounds-none = This plan sets no report rounds. Type "due" for the dates of the measures.
rounds-over = All report rounds of this year have passed.
rounds-title = Report rounds, fiscal year { $year }
rounds-due = { $name } is due by { DAY($day) } ({ $days ->
    [one] 1 day
   *[other] { $days } days
  } left).
rounds-past = { $name } was due on { DAY($day) } ({ $days ->
    [one] 1 day
   *[other] { $days } days
  } ago).
rounds-row = { $name } · { DAY($day) }
