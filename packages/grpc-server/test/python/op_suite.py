"""The op suite of 2023 over gRPC, by a client that shares nothing with this repository.

Stubs are generic and messages are encoded by hand, so this needs grpcio and nothing generated. It
sends no token: the server knows it by its connection, as it does the client of 2023, and like that
client it subscribes after each login, on the same channel.

    op_suite.py HOST:PORT [CA [CERTIFICATE KEY]]

With the file of an authority it speaks TLS, and with those of a certificate and its key it shows
that, too.

Prints what each step was answered and ends with an error at the first that is not as expected.
"""

import queue
import sys
import threading

import grpc


def text(number, value):
    """A string field. Everything here is shorter than 128 bytes, so a length is one byte."""
    data = value.encode("ascii")
    return bytes([number << 3 | 2, len(data)]) + data


def request(*fields):
    return b"".join(text(number, value) for number, value in enumerate(fields, 1))


def fields(data):
    """The fields of a message: numbers with their integers or bytes."""
    at = 0
    while at < len(data):
        number, kind = data[at] >> 3, data[at] & 7
        value, at = data[at + 1], at + 2
        if value > 127:
            raise ValueError("longer than this reads")
        if kind == 2:
            value, at = data[at : at + value], at + value
        yield number, value


def response(data):
    """A status code, and what comes with it: results, or messages as (sender, body)."""
    code, items = 0, []
    for number, value in fields(data):
        if number == 1:
            code = value
        else:
            items.append(value)
    return code, items


def message(data):
    return tuple(value.decode("ascii") for _, value in fields(data))


def channel_to(target, *files):
    if not files:
        return grpc.insecure_channel(target)
    contents = []
    for name in files:
        with open(name, "rb") as file:
            contents.append(file.read())
    ca, cert, key = contents if len(contents) == 3 else (contents[0], None, None)
    return grpc.secure_channel(target, grpc.ssl_channel_credentials(ca, key, cert))


channel = channel_to(*sys.argv[1:])
stubs = {
    name: channel.unary_unary(f"/MessageService/{name}", lambda data: data, response)
    for name in ("Register", "Login", "Search", "Send", "Logout", "Delete")
}
subscribe = channel.unary_stream("/MessageService/Subscribe", lambda data: data, message)


class Subscription:
    """What the server pushes to a user, read on a thread of its own as in 2023."""

    def __init__(self, username):
        self.incoming = queue.Queue()
        self.call = subscribe(request(username))
        # The server takes the stream up, or refuses it, before it answers what comes after.
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        try:
            for incoming in self.call:
                self.incoming.put(incoming)
        except grpc.RpcError:
            pass

    def next(self):
        return self.incoming.get(timeout=10)

    def end(self):
        """How the stream ended: the server ends it with the session."""
        self.reader.join(timeout=10)
        return self.call.code()


def expect(step, got, wanted):
    print(f"{step}: {got}")
    if got != wanted:
        sys.exit(f"{step}: expected {wanted}")


def ask(step, name, fields_, code, items=()):
    expect(step, stubs[name](request(*fields_), timeout=10), (code, list(items)))


ask("login of nobody", "Login", ["foo"], 10)
ask("register foo", "Register", ["foo"], 1)
ask("register foo again", "Register", ["foo"], 2)
ask("login foo", "Login", ["foo"], 8)
foo = Subscription("foo")
ask("search everybody", "Search", ["*"], 16, [b"foo"])
ask("search nobody", "Search", ["noresults"], 17)
ask("send foo to foo", "Send", ["foo", "foo", "Hello, foo!"], 24)
expect("foo hears", foo.next(), ("foo", "Hello, foo!"))
ask("send foo to bar, who is not", "Send", ["foo", "bar", "Hello, bar!"], 26)
ask("logout foo", "Logout", ["foo"], 40)
expect("foo's stream", foo.end(), grpc.StatusCode.OK)
ask("register bar", "Register", ["bar"], 1)
ask("login bar", "Login", ["bar"], 8)
bar = Subscription("bar")
ask("send bar to foo", "Send", ["bar", "foo", "Hello, foo!"], 25)
ask("send bar to foo again", "Send", ["bar", "foo", "Are you there?"], 25)
ask("delete bar", "Delete", ["bar"], 48)
expect("bar's stream", bar.end(), grpc.StatusCode.OK)
unread = [request("bar", "Hello, foo!"), request("bar", "Are you there?")]
ask("login foo to what bar left", "Login", ["foo"], 9, unread)
foo = Subscription("foo")
ask("send foo to bar, who was deleted", "Send", ["foo", "bar", "Hello, bar!"], 26)
ask("logout foo", "Logout", ["foo"], 40)
expect("foo's stream", foo.end(), grpc.StatusCode.OK)
# Who never subscribes, as the unit test of 2023, finds a message to oneself at the next login.
ask("login foo", "Login", ["foo"], 8)
ask("send foo to foo, unheard", "Send", ["foo", "foo", "Later."], 24)
ask("logout foo", "Logout", ["foo"], 40)
ask("login foo to what foo left", "Login", ["foo"], 9, [request("foo", "Later.")])
ask("delete foo", "Delete", ["foo"], 48)
try:
    stubs["Logout"](request("foo"), timeout=10)
except grpc.RpcError as error:
    expect("logout without a session", error.code(), grpc.StatusCode.UNAUTHENTICATED)
else:
    sys.exit("logout without a session: it was answered")
channel.close()
