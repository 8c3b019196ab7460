"""What identity stores. Read the constraints aloud: they are the rules of sign-in.

Personal data stands sealed in `person`, and can be read only with the row of `person_key`: whoever deletes
that row has erased the person. Secrets are kept as hashes. Nothing here is needed to read the book.
"""

from identity.models.letters import Mail, PushSubscription
from identity.models.people import Contact, ContactKey, District, Person, PersonFreeze, PersonKey, RoleGrant
from identity.models.proving import EmailCode, Passkey, PasskeyChallenge, Pin, RecoveryCode, TryCount, WrongTry
from identity.models.sessions import AccessLog, ApiToken, Device, PersonSession, TillSession
