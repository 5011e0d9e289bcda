mail-foot = Sent by Prongsai on its own; there is no need to answer. Stop or change the address under your account on the working group's page.
mail-hello = Dear { $name }, Prongsai will send the weekly summary to this address.
mail-taken-title = Summaries of { $agency } by e-mail
mail-what = Every Monday (or the next working day) a summary comes with its PDF.
mail-end = If you did not ask for it, tell the working group's secretary to take this address out.
mail-taken = Somebody else in the agency uses this e-mail address already.
mail-paper = { $name } sends you { $title }. The file comes with this letter.
mail-nobody = Nobody who may see this paper has given an address yet. One is entered under "My account".
