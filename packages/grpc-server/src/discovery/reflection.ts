import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { loadContract } from '@tandem/protos';

interface ReflectionRequest {
  fileContainingSymbol?: string;
}

interface ReflectionResponse {
  readonly originalRequest?: ReflectionRequest;
  readonly listServicesResponse?: { readonly service: { name: string }[] };
}

type AddService = Server['addService'];
type Method = Parameters<AddService>[0][string];

/**
 * Shows the contract to whoever asks (`grpc.reflection`, v1 and v1alpha).
 *
 * A name in a file without a package is known to the reflection package by a dot in front, where
 * everybody else has none: they would see a service that they then cannot ask for.
 */
export function addReflection(server: Server): void {
  new ReflectionService(loadContract()).addToServer({
    addService: (definition, implementation) => {
      const methods = Object.entries(definition).map(([name, method]) => [name, undotted(method)]);
      server.addService(Object.fromEntries(methods), implementation);
    },
  });
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
