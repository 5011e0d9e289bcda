exports-all-units = every unit
exports-supports = { $unit } (supports)
exports-issue = What is to be improved
exports-measure = Measure
exports-period = Period
exports-responsible = Responsible
exports-progress = Progress
exports-progress-title =
    Progress of the integrity and transparency measures, fiscal year { $year }
    { $agency }
exports-progress-table = Progress
exports-measures-title =
    Integrity and transparency measures, fiscal year { $year }
    { $agency }
exports-measures-table = Measures
exports-steps = Steps
exports-kpi = Indicator and target
exports-limits = Limits
exports-step = { $no }) { $text }
exports-days = { DAY($start) } - { DAY($end) }
exports-day = { DAY($day, "long") }
exports-covers = { DAY($start, "long") } to { DAY($end, "long") }, as of { DAY($today, "long") }
exports-covers-of = { $of }, { $days }
exports-box = ☐ { $text }
exports-ticked = ☑ { $text }
exports-units-done = { $done } of { $count } units are done
exports-told = - { $told } ({ DAY($day) })
exports-told-of = - { $unit }: { $told } ({ DAY($day) })
exports-blocked = { $told } (obstacle: { $blocker })
exports-late = Note: { $count } overdue
exports-signs-secretary = Secretary of the working group
exports-signs-chair = Chair of the working group
exports-signs-reporter = Reported by
exports-signs-head = Director or head of the unit
exports-which-unit = This form is for one unit at a time: name it, as in “report form of the finance division”.
exports-owes-nothing = { $unit } has nothing to report under this plan.
exports-head-unit = Unit
exports-head-day = As of
exports-head-round = Report round
exports-round = { $name } (due { DAY($day, "long") })
exports-form-title = Report form for the integrity and transparency measures, fiscal year { $year }
exports-form-about = { $count } measures, { DAY($start, "long") } to { DAY($end, "long") }
exports-form-table = Side { $side } · plan or activity { $plan }
exports-method = Method
exports-result = Result
exports-evidence = Description, documents and evidence
exports-not-yet = Nothing was reported in these days
exports-no-evidence = No evidence yet
exports-document = Letter { $name } of { DAY($day, "long") }
exports-document-undated = Letter { $name }
exports-photo = Photo { $name }
exports-file = Document { $name }
exports-unit-read = { $unit }: { $done } of { $count } have acknowledged
exports-read-on = acknowledged at { TIME($at) }
exports-unread = not yet
exports-no = No.
exports-name = Name
exports-read = Acknowledged on
exports-read-count = { $done } of { $count } have acknowledged, { $left } have not.
exports-read-title = Who has acknowledged { $title }
exports-read-covers = Version { $no }, in force since { DAY($since, "long") }, as of { DAY($today, "long") }
exports-read-table = Names
exports-no-items = No measure of this plan names an O item, so there is no link sheet to make.
exports-complete = complete
exports-item = Item
exports-handed-in = Links and evidence there are
exports-missing = Still missing
exports-links-title =
    Link sheet for ITAS (OIT), fiscal year { $year }
    { $agency }
exports-links-count = { $count } O items in the plan: { $complete } complete, { $left } still lack something.
exports-links-table = O items
exports-lacks-work = { $count } not done: { $units }
exports-lacks-evidence = { $count } done without evidence: { $units }
exports-lacks-link = no published link yet
exports-memo-title = Memorandum
exports-memo-office = Office
exports-memo-number = No.
exports-memo-day = Date
exports-memo-about = Subject
exports-memo-to = To
exports-memo-head = Head of the agency
exports-memo-subject = Progress of the integrity and transparency measures, fiscal year { $year }
exports-memo-story = 1. Background: { $agency } has { $count } integrity and transparency measures for fiscal year { $year }; the units responsible report their progress to the working group.
exports-memo-facts = 2. Facts
exports-memo-fact = { $no } { $text }
exports-memo-consider = 3. Consideration: so that everything is done in time, units that are late or have never reported should be asked to act and to report with evidence.
exports-memo-propose = 4. Proposal: take note of the progress and put it before the working group.
exports-memo-end = For your information and consideration.
exports-agenda = Item { $no }: { $title }
exports-agenda-told = Announcements by the chair
exports-agenda-minutes = Minutes of the last meeting
exports-agenda-known = For information
exports-agenda-decided = For decision
exports-agenda-other = Any other business
exports-agenda-item = { $no } { $text }
exports-agenda-under = - { $text }
exports-agenda-nothing = Nothing is overdue or lacks evidence
exports-meeting-title =
    Agenda of the ITA working group
    { $agency }
exports-meeting-covers = Fiscal year { $year }, as of { DAY($today, "long") }
exports-meeting-when = Meeting no., date and time
exports-meeting-where = Place
exports-year-title =
    Yearly report on the integrity and transparency measures, fiscal year { $year }
    { $agency }
exports-year-results = Results by measure
exports-year-score = The ITA result of fiscal year { $year } was { $score } points overall.
exports-year-grade = { $told } Level: { $grade }.
exports-hindrances = { $count } obstacles reported
exports-hindrance = { $code } { $text }
exports-names-private = The list names people; ask for it in a private chat.
exports-read-all-title =
    Acknowledgements of the policies in force
    { $agency }
exports-read-all-covers = { $count } policies in force, as of { DAY($today, "long") }
exports-read-all-count = { $done } of { $count } have acknowledged all { $policies } policies.
exports-read-of = { $title } (version { $no })
exports-read-share = { $done } of { $count } have acknowledged
exports-read-by-policy = By policy
exports-no-staff = No staff of { $unit } are in the records.
exports-meeting-about = Enclosed: charts of where the measures stand, a table by unit and a table by measure.
