import {
  status as GrpcStatus,
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { loadContract } from '@tandem/protos';
import { service as healthService } from 'grpc-health-check';
import { onOver } from '../calls/call-hooks.ts';
import type { DiscoverySettings } from '../options.ts';

/** The name of the service of this server. */
export const serviceName = 'MessageService';

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

type Watch = ServerWritableStream<HealthRequest, HealthResponse>;

/**
 * The services for the tools of gRPC: health (`grpc.health.v1.Health`) and reflection
 * (`grpc.reflection`, v1 and v1alpha). So `grpcurl` and probes need no file of ours.
 *
 * The contract of health is that of its package. The implementation is ours, as that of the package
 * keeps every name that anybody has ever watched.
 */
export class Discovery {
  /** The watches of services that exist. */
  readonly #watches = new Set<Watch>();
  #status: 'SERVING' | 'NOT_SERVING' = 'SERVING';

  /** @param settings which of the services there are; both by default */
  constructor(server: Server, settings: DiscoverySettings = { health: true, reflection: true }) {
    if (settings.health) this.#addHealth(server);
    if (settings.reflection) addReflection(server);
  }

  #addHealth(server: Server): void {
    server.addService(healthService, {
      check: (
        call: ServerUnaryCall<HealthRequest, HealthResponse>,
        respond: sendUnaryData<HealthResponse>,
      ) => {
        if (isServed(call.request)) respond(null, { status: this.#status });
        else respond({ code: GrpcStatus.NOT_FOUND, details: 'this server has no such service' });
      },
      watch: (call: Watch) => this.#watch(call),
      list: (_call: ServerUnaryCall<unknown, unknown>, respond: sendUnaryData<unknown>) => {
        const status = { status: this.#status };
        respond(null, { statuses: { '': status, [serviceName]: status } });
      },
    });
  }

  /** Tells all watches that the server serves no more. */
  stop(): void {
    this.#status = 'NOT_SERVING';
    for (const call of this.#watches) call.write({ status: this.#status });
  }

  /** Opens a watch. The contract lets a service appear later; here none ever does. */
  #watch(call: Watch): void {
    if (!isServed(call.request)) {
      call.write({ status: 'SERVICE_UNKNOWN' });
      return;
    }
    this.#watches.add(call);
    onOver(call, () => this.#watches.delete(call));
    call.write({ status: this.#status });
  }
}

function isServed({ service }: HealthRequest): boolean {
  return service === '' || service === serviceName;
}

interface ReflectionRequest {
  fileContainingSymbol?: string;
}

interface ReflectionResponse {
  readonly originalRequest?: ReflectionRequest;
  readonly listServicesResponse?: { readonly service: { name: string }[] };
}

type AddService = Server['addService'];
type Method = Parameters<AddService>[0][string];

function addReflection(server: Server): void {
  for (const service of reflectionServices()) server.addService(...service);
}

let reflection: readonly Parameters<AddService>[] | undefined;

/**
 * Returns the services that tell of the contract (`grpc.reflection`, v1 and v1alpha). They know no server,
 * and parsing their contract takes most of a server's start, so a process makes them once.
 *
 * The reflection package puts a dot in front of names of files without a package, and nobody else does:
 * tools would see a service, and could not ask for it.
 */
function reflectionServices(): readonly Parameters<AddService>[] {
  if (reflection !== undefined) return reflection;
  const services: Parameters<AddService>[] = [];
  new ReflectionService(loadContract()).addToServer({
    addService: (definition, implementation) => {
      const methods = Object.entries(definition).map(([name, method]) => [name, undotted(method)]);
      services.push([Object.fromEntries(methods), implementation]);
    },
  });
  reflection = services;
  return services;
}

function undotted(method: Method): Method {
  return {
    ...method,
    requestDeserialize: (bytes: Buffer) => {
      const request = method.requestDeserialize(bytes) as ReflectionRequest;
      const symbol = request.fileContainingSymbol ?? '';
      if (symbol !== '') request.fileContainingSymbol = `.${symbol.replace(/^\./, '')}`;
      return request;
    },
    responseSerialize: (response: ReflectionResponse) => {
      for (const service of response.listServicesResponse?.service ?? []) {
        service.name = service.name.replace(/^\./, '');
      }
      const { originalRequest } = response;
      const symbol = originalRequest?.fileContainingSymbol ?? '';
      if (originalRequest !== undefined && symbol !== '') {
        originalRequest.fileContainingSymbol = symbol.slice(1);
      }
      return method.responseSerialize(response);
    },
  };
}
