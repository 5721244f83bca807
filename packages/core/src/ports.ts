/** Where a socket server listens unless told otherwise: the port of the 2023 server. [P-1] */
export const defaultSocketPort = 22067;

/** Where a gRPC server listens unless told otherwise. */
export const defaultGrpcPort = 22068;
