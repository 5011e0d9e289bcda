rights-refused = Only a coordinator or the secretary can do this.
rights-leaders = Only the secretary can do this.
rights-reader = You can read everything but change nothing.
rights-ask = { $why } Please ask { $names }.
