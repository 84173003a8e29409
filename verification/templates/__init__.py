"""What we say to buyers in messages: texts as data, versioned, checked, approved where a provider asks."""
