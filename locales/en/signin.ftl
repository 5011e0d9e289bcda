signin-title = The working group's page
signin-here = Here is your link to the web page.
signin-once = It works once, within { $minutes } minutes, for you alone. Please do not pass it on.
signin-open = Open the page
signin-private = A sign-in link belongs to one person. Ask me for it in a private chat: type "web" there.
signin-no-site = I cannot open the web page yet: no web address has been set (PRONGSAI_PUBLIC_URL). Please ask your system administrator to set it. Meanwhile you can ask me everything here in chat.
signin-too-often = That is a lot of links. Please use the latest one, or ask again in an hour.
menu-signin-link = Open the web page
