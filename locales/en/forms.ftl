forms-waiting = Something is still open since { DAY($since) }. Go on with it?
forms-resume = Go on
forms-drop = Drop it
forms-dropped = Dropped. You can begin again any time.
forms-over = This is over. Just begin again.
forms-nothing = Nothing is open.
forms-type-day = Type the day, for example “15 Mar” or “end of this month”
