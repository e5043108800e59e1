"""What a data point is: how it is named, and the catalogue that lists them all."""
