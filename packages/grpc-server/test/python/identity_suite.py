"""Secrets, tokens and sessions that go on, by a client that shares nothing with this repository.

As op_suite.py, it needs grpcio and nothing generated. It sends the session token that its logins answer
with, so the server need not know it by its connection.

    identity_suite.py HOST:PORT

Prints what each step was answered and ends with an error at the first that is not as expected.
"""

import sys

import grpc


def text(number, value):
    """A string field. Everything here is shorter than 128 bytes, so a length is one byte."""
    data = value.encode("ascii")
    return bytes([number << 3 | 2, len(data)]) + data


def request(*fields, **integers):
    """Text in fields from 1 on; `acknowledges` and `count` by their numbers."""
    data = b"".join(text(number, value) for number, value in enumerate(fields, 1))
    for number, value in integers.items():
        data += bytes([int(number[1:]) << 3, value])
    return data


def fields(data):
    """The fields of a message by their numbers: integers, text, and messages as bytes."""
    at, found = 0, {}
    while at < len(data):
        number, kind = data[at] >> 3, data[at] & 7
        value, at = data[at + 1], at + 2
        if kind == 2:
            value, at = data[at : at + value], at + value
        found.setdefault(number, []).append(value)
    return found


channel = grpc.insecure_channel(sys.argv[1])


def call(name, data, session=None, on=channel):
    """Resolves with the status code, the other fields, and the session token of a login."""
    stub = on.unary_unary(f"/MessageService/{name}", lambda data: data, fields)
    metadata = () if session is None else (("authorization", f"Bearer {session}"),)
    answer, done = stub.with_call(data, timeout=10, metadata=metadata)
    tokens = [value for key, value in done.initial_metadata() if key == "session-token"]
    return answer.get(1, [0])[0], answer, tokens[0] if tokens else None


def subscribe(username, session, on=channel):
    stub = on.unary_stream("/MessageService/Subscribe", lambda data: data, fields)
    return stub(text(1, username), metadata=(("authorization", f"Bearer {session}"),))


def expect(step, got, wanted):
    print(f"{step}: {got}")
    if got != wanted:
        sys.exit(f"{step}: expected {wanted}")


def refused(step, ask, wanted):
    try:
        ask()
    except grpc.RpcError as error:
        expect(step, error.code(), wanted)
    else:
        sys.exit(f"{step}: it was not refused")


secret, other = "correct horse", "another horse"
expect("register with a weak secret", call("RegisterWithSecret", request("foo", "short"))[0], 117)
expect("register", call("RegisterWithSecret", request("foo", secret))[0], 1)
expect("register bar", call("Register", request("bar"))[0], 1)
refused(
    "login without the secret",
    lambda: call("Login", request("foo")),
    grpc.StatusCode.UNAUTHENTICATED,
)
expect("login with another", call("LoginWithSecret", request("foo", other))[0], 14)
code, answer, session = call("LoginWithSecret", request("foo", secret, _3=1))
expect("login", code, 8)
[resume_token] = answer[3]
expect("length of the token to resume with", len(resume_token), 43)
stream = subscribe("foo", session)
_, _, bar = call("Login", request("bar"))
for body in ("one", "two"):
    expect(f"send {body}", call("Send", request("bar", "foo", body), bar)[0], 24)
expect("foo hears", [next(stream)[2][0] for _ in range(2)], [b"one", b"two"])

# The first was taken; nobody said so. It goes on, on another connection, while the first one stands.
second = grpc.insecure_channel(sys.argv[1], (("grpc.use_local_subchannel_pool", 1),))
resume = request("foo", resume_token.decode("ascii"), _3=1, _4=1)
code, answer, session = call("Resume", resume, on=second)
expect("resume", code, 9)
expect("what was not taken comes", [fields(m)[2][0] for m in answer[2]], [b"two"])
refused("the stream that was left", lambda: next(stream), grpc.StatusCode.ABORTED)
again = subscribe("foo", session, on=second)
expect("send three", call("Send", request("bar", "foo", "three"), bar)[0], 24)
expect("foo hears", next(again)[2][0], b"three")
acknowledged = call("Acknowledge", request("foo", _2=2), session, on=second)
expect("acknowledge", acknowledged[0], 56)

code, answer, _ = call("ChangeSecret", request("foo", secret, other), session, on=second)
expect("change the secret", code, 64)
expect("resume with a token of before", call("Resume", resume)[0], 15)
expect("logout", call("Logout", request("foo"), session, on=second)[0], 40)
expect("login with the old secret", call("LoginWithSecret", request("foo", secret))[0], 14)
code, answer, session = call("LoginWithSecret", request("foo", other))
expect("login with the new one, nothing unread", code, 8)
expect("delete", call("Delete", request("foo"), session)[0], 48)
