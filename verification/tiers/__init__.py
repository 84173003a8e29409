"""How good a buyer is, from what became of the orders; always with reasons, and with a way back up."""
