duties-no-unit = You belong to no unit yet. Type the name of a unit, for example: what is the finance division responsible for
duties-no-plan = No plan is active yet. The secretary can send me the plan as an Excel file in a private chat.
duties-all = All units
duties-unit = { $unit }
duties-year = Fiscal year { $year }
duties-some = { $unit } is responsible for: { $parts }.
duties-none = { $unit } has no measure in this plan.
duties-count-lead = { $count } as lead
duties-count-joint = { $count } jointly
duties-count-support = { $count } in support
duties-count-all_units = { $count } as every unit
duties-lead = Lead
duties-joint = Joint
duties-support = Support
duties-all_units = Every unit
duties-steps = Steps every unit must do
duties-step = { $code } step { $no } { $text }
duties-more = and { $count } more
duties-who = { $measure }: { $units }.
duties-who-several = { $count } come close: { $parts }
duties-who-unknown = I found no measure for this. Try its number or a word of its title.
duties-everyone = every unit
duties-period = Period
duties-no-period = not given in the plan
duties-everyone-none = No measure of this plan is for every unit.
duties-everyone-some = Every unit has a part in { $count ->
    [one] 1 measure.
   *[other] { $count } measures.
  }
duties-together = { $measure } · together: { $units }
duties-who-one = { $code } { $units }
duties-who-same = { $units } answers for all { $count } that come close.
