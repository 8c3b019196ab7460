"""The shop: till, request for payment, ring, refund, staff and the code on the counter."""
