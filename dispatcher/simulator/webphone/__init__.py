"""Two telephones on a web page: a person rings the application, and answers for its agents."""
