"""What is odd about an order before anybody is contacted: flags as data, each with the question it raises."""
