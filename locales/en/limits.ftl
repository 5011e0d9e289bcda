limits-people = Your agency may have at most { $count } people here, and has them. Mark those who have left, or ask the system's administrator for more.
limits-room = Your agency's room for files is full, so this message was not taken. Please report without the file, or with a link, and tell the system's administrator.
