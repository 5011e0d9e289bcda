jobs-help = work that was set aside after its last try: look at it, have it tried again
jobs-list-help = list it, oldest first
jobs-show-help = show one: where it belongs and what went wrong
jobs-replay-help = have it tried again
jobs-state-help = dead: set aside; held: waits for the month's messages; waiting: in the queue
jobs-number-help = the number people were told, or the whole id
jobs-all-help = everything that was set aside
jobs-agency-help = only of this agency
jobs-row = { $number }  { $agency }  { $kind }  { $state }  since { DAY($when) }  tries { $attempts }  { $fault }
jobs-more = Place { $place }, key { $key }
jobs-none = Nothing there.
jobs-which = Say which: numbers as "jobs list" shows them, or --all.
jobs-unknown = Nothing has the number { $number }. "prongsai jobs list" shows what was set aside.
jobs-several = Several have the number { $number }; give the whole id: { $ids }
jobs-replayed = { $count } { $count ->
    [one] job is
   *[other] jobs are
 } tried again.
jobs-runs-help = timed work: what was done, and when it runs next
jobs-run = done { $at }  { $name }  letters { $count }
jobs-run-next = next { $at }  { $name }
