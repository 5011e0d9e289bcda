menu-review-list = Reports to review
review-none = No report waits to be reviewed.
review-waiting = { $count ->
    [one] One report waits to be reviewed.
   *[other] { $count } reports wait to be reviewed. The one that has waited longest comes first.
 }
review-more = Show the next
review-of = { $unit } · { $who } · { DAY($at) }
review-accept = Accept
review-return = Return
review-which = Which report do you mean? Type "reports to review" for the list.
review-gone = This report is no longer there.
review-changed = The report on { $code } has changed since you opened it. Please look at the latest version first.
review-accepted-already = The report on { $code } has been accepted already.
review-accepted = Accepted { $code } of { $unit }. Still to review: { $left }.
review-returned = Returned { $code } to { $unit } with your comment. Still to review: { $left }.
review-what = What has to change in the report on { $code } of { $unit }? A short line is enough; the reporter will see it. (Type "cancel" to keep the report.)
review-comment-needed = Please write one line before returning the report, so that the reporter knows what to change.
review-told = Your report on { $code } was returned.
review-told-by = Comment by { $name }
review-told-next = Send more photos, files or links here, or use a button below.
review-again = Hand in again
review-report-anew = Report anew
review-again-no = This report no longer waits to be mended.
review-again-done = { $code } is with the secretariat again.
review-ask = The secretariat would like to know how { $count } of the measures of { $unit } stand. One line is enough.
review-ask-title = Update requested
review-ask-which = Which measure and which unit? For example: "ask for an update 5.1 Finance".
review-asked = Asked { $unit } for an update on { $code }.
review-asked-today = { $unit } was asked about this today already. You can ask again tomorrow.
review-nobody = I cannot reach { $unit } yet: it has no group tied to it and no coordinator with an account here. Please call them, or give the coordinator an invitation code first.
review-closed-already = { $name } was closed on { DAY($day) } already.
review-open-already = { $name } is open already.
review-reopen-why = Opening { $name } again needs a reason.
review-of-unit = Look at { $unit }
review-shown = The report on { $code } of { $unit } waits to be looked at.
