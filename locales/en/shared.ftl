shared-some = { $units } share { $count } measures: { $codes }
shared-none = { $units } share no measure.
shared-none-but-all = No measure names { $units } together; { $count } are for every unit.
shared-title = { $units } together
