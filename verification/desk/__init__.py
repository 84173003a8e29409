"""What an agent does with a case: take it, call, record what came of it, put it right."""
