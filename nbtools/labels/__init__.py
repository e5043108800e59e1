"""What a task, an act and the current label are. Pure: values in, values out."""
