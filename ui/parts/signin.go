package parts

import "zsf/clients/transport"

// SignIn asks the root to sign in to a service; to one that the person chooses, where it names none.
type SignIn struct{ Service transport.Service }
