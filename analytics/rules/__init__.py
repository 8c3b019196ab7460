"""What is foretold and what is judged: pure functions over arrays, without clock, book or compiler."""
