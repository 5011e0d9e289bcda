units-unknown = There is no unit called “{ $name }” in the register.
units-unknown-near = There is no unit called “{ $name }” in the register. Is it one of these?
