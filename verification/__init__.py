"""All the thinking, a sub-room for each stage of the flow."""
