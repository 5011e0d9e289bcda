inbox-fault = Sorry, something failed and this message was not recorded. Please send it again; if it fails again, give the administrator the number { $number }.
