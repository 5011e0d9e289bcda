floods-slow = That was a great deal at once. What you send within the next minute is not taken; then please send it again.
floods-day = Your agency's messages for today are used up. Please send this again tomorrow, or ask the system's administrator for more.
