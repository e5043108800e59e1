"""Looking at versions: any row of a million at once, sorted, filtered, counted, compared. No widget is known here."""
