progress-title = { $code } { $title }
progress-of-unit = { $unit }
progress-joined = { $parts }
progress-saved = Recorded.
progress-saved-nothing = Recorded: nothing to report this time.
progress-saved-delayed = Your request to postpone is recorded.
progress-saved-with = Recorded, with { $count } pieces of evidence sent before.
progress-status-not-started = Not started
progress-status-in-progress = In progress
progress-status-done = Done
progress-status-continuous = Continuing
progress-status-delayed = Postponed
progress-status-cancelled = Cancelled
progress-step = step { $step }/{ $steps }
progress-percent = { $percent }%
progress-result = result { $percent }%
progress-count = { $done } { $what }
progress-count-of = { $done } of { $of } { $what }
progress-on = { DAY($day, "full") }
progress-on-week = { DAY($day, "week") }
progress-new-due = new date asked for: { DAY($day, "full") }
progress-blocker = Obstacle: { $text }
progress-on-behalf = { $by }, on behalf of { $name }
progress-helps = Helps { $unit }
progress-after-round = { $name } is closed; this report will be shown as added afterwards
progress-late = Sent after the due date
progress-version = Version { $version }
progress-no-evidence = Evidence: none yet. Send photos, files or links any time.
progress-no-evidence-done = Without evidence. Send photos, files or links any time.
progress-evidence = Evidence: { $parts }
progress-photos = { $count ->
    [one] 1 photo
   *[other] { $count } photos
}
progress-paper = { $name }
progress-paper-dated = { $name } of { DAY($day) }
progress-button-done = All done
progress-button-edit = Change
progress-button-withdraw = Withdraw
progress-button-report = Report
progress-button-save = Save
progress-corrected = Corrected, version { $version }: { $changes }
progress-changed = { $new } (was { $old })
progress-added = { $new }
progress-moved = The report now belongs to { $code }.
progress-withdrawn = The report on { $code } is withdrawn; its history stays.
progress-stands = It now stands at: { $status }
progress-done-already = This is recorded as done already.
progress-not-yours = You can only change reports of your own unit.
progress-nothing-to-mend = I found no recent report to change. Type the number too, for example: correct 4.1 to 80%.
progress-correct-what = What should change? For example: change it to 48 people, or 80%.
progress-edit-ask = What should change? Just type it, for example: 48 people, 80%, 16 Jan.
progress-attached = { $count ->
    [one] 1 photo is now with { $code }.
   *[other] { $count } photos are now with { $code }.
}
progress-attached-files = { $count ->
    [one] 1 file is now with { $code }.
   *[other] { $count } files are now with { $code }.
}
progress-attached-papers = { $names } is now with { $code }.
progress-attach-which = I keep it. Which measure is it for? Type your report.
progress-attach-to-what = There is no report yet to put this with. Report first, then send photos or files.
progress-send-them = Go ahead, I will put them with { $code }.
progress-which-unit = Which unit reports on { $code }? Type its name too.
progress-about-what = Which measure is this about? Type its number too.
progress-which = Which one do you mean? Tap it or type its number.
progress-which-open = Which one is it? Type its number or its name, or “cancel” if it is no report.
progress-which-next = Another line waits for its measure: “{ $text }”. Which one is it?
progress-which-title = Likely ones
progress-pick-one = { $code }
progress-pick-none = None of these
progress-pick-type = Type its number or its name.
progress-nothing-waits = No report waits for a measure any more.
progress-form-measure = Which measure do you report on?
progress-form-status = How far is { $code }?
progress-form-said = What has been done? A few words will do.
progress-form-why = Why? A few words will do.
progress-form-day = When was it done?
progress-form-due = To which day?
progress-form-check = Please check. You can still send evidence.
progress-said = { $text }
progress-papers = { $count } pieces of evidence
progress-today = Today
progress-yesterday = Yesterday
progress-pick-day = Choose a day
progress-amended = Changed in the report that waits. Which measure is it about?
