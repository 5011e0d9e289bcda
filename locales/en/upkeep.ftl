upkeep-title = What an administrator should know
upkeep-found = { $count ->
    [0] This month's messages will probably run short
    [one] One piece of work failed at its last try and was set aside; "prongsai jobs list" shows why, "prongsai jobs replay" tries again
   *[other] { $count } pieces of work failed at their last try and were set aside; "prongsai jobs list" shows why, "prongsai jobs replay" tries again
 }
upkeep-dead = Number { $number }, since { DAY($day) }
upkeep-quota = { $kind }: the month will take about { $likely } of { $limit } messages; summaries and reminders may have to wait for an answer
upkeep-held = { $count } notices wait for the next answer in their chats
