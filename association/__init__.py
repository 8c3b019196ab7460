"""The association: it makes the district's money, admits the shops, takes the cash, and shows the books."""
