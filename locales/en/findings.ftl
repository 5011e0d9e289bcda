findings-no-plan = There is no active plan yet. The secretary can send its Excel file in a private chat.
findings-unknown = No finding fits. Try a question's code such as i10, or words of a topic.
findings-no-question = This plan has no finding for { $question }.
findings-some = The assessment found this; { $count ->
    [one] 1 measure answers it.
   *[other] { $count } measures answer it.
  }
findings-no-measure = The assessment found this; no measure of the plan answers it directly.
findings-title = What the assessment found
findings-of = { $question }: { $text }
findings-one = { $text }
findings-limits = The plan states { $count ->
    [one] 1 limit.
   *[other] { $count } limits.
  }
findings-limits-title = Limits
findings-no-limits = The plan states no limits.
findings-told-of = The document tells the result so:
findings-told = No measure states it, but the plan says this.
findings-told-title = In the words of the plan
findings-constraints = Limits of { $measure }: { $text }
findings-no-constraints = The plan states no limits of { $measure }.
findings-all = The assessment found { $count } points in { $topics } topics.
