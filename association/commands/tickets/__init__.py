"""紙の券: lots to print, booklets that are sold or stopped, tickets that a shop takes, and those that two people let go again."""

from association.commands.tickets.lots import NewTicketLot, StopBooklet, let_booklet_go, make_ticket_lot, may_print_tickets, stop_booklet
from association.commands.tickets.release import ReleaseTickets, propose_ticket_release
from association.commands.tickets.replacing import REPLACE, hand_over_booklet, print_replacement, propose_replacement, refuse_if_let_go
from association.commands.tickets.sale import BookletsSold, SellBooklets, sell_booklets
from association.commands.tickets.taking import TakeTickets, TicketsTaken, take_tickets, take_tickets_for
