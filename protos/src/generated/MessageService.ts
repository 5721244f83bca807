// Original file: messageservice.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcknowledgeRequest as _AcknowledgeRequest, AcknowledgeRequest__Output as _AcknowledgeRequest__Output } from './AcknowledgeRequest.ts';
import type { BlockRequest as _BlockRequest, BlockRequest__Output as _BlockRequest__Output } from './BlockRequest.ts';
import type { ChangeSecretRequest as _ChangeSecretRequest, ChangeSecretRequest__Output as _ChangeSecretRequest__Output } from './ChangeSecretRequest.ts';
import type { ClientFrame as _ClientFrame, ClientFrame__Output as _ClientFrame__Output } from './ClientFrame.ts';
import type { LoginResponse as _LoginResponse, LoginResponse__Output as _LoginResponse__Output } from './LoginResponse.ts';
import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';
import type { MessageRequest as _MessageRequest, MessageRequest__Output as _MessageRequest__Output } from './MessageRequest.ts';
import type { ResumableResponse as _ResumableResponse, ResumableResponse__Output as _ResumableResponse__Output } from './ResumableResponse.ts';
import type { ResumeRequest as _ResumeRequest, ResumeRequest__Output as _ResumeRequest__Output } from './ResumeRequest.ts';
import type { SearchRequest as _SearchRequest, SearchRequest__Output as _SearchRequest__Output } from './SearchRequest.ts';
import type { SearchResponse as _SearchResponse, SearchResponse__Output as _SearchResponse__Output } from './SearchResponse.ts';
import type { SecretRequest as _SecretRequest, SecretRequest__Output as _SecretRequest__Output } from './SecretRequest.ts';
import type { ServerFrame as _ServerFrame, ServerFrame__Output as _ServerFrame__Output } from './ServerFrame.ts';
import type { StatusCodeResponse as _StatusCodeResponse, StatusCodeResponse__Output as _StatusCodeResponse__Output } from './StatusCodeResponse.ts';
import type { UsernameRequest as _UsernameRequest, UsernameRequest__Output as _UsernameRequest__Output } from './UsernameRequest.ts';

export interface MessageServiceClient extends grpc.Client {
  Acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  Block(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  ChangeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  Converse(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  Converse(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  converse(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  converse(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;

  Delete(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  Login(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;

  LoginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  Logout(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  Register(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  RegisterWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  Resume(argument: _ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  Search(argument: _SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;

  Send(argument: _MessageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  Subscribe(argument: _UsernameRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  Subscribe(argument: _UsernameRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  subscribe(argument: _UsernameRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  subscribe(argument: _UsernameRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;

  Unblock(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

}

export interface MessageServiceHandlers extends grpc.UntypedServiceImplementation {
  Acknowledge: grpc.handleUnaryCall<_AcknowledgeRequest__Output, _StatusCodeResponse>;

  Block: grpc.handleUnaryCall<_BlockRequest__Output, _StatusCodeResponse>;

  ChangeSecret: grpc.handleUnaryCall<_ChangeSecretRequest__Output, _ResumableResponse>;

  Converse: grpc.handleBidiStreamingCall<_ClientFrame__Output, _ServerFrame>;

  Delete: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  Login: grpc.handleUnaryCall<_UsernameRequest__Output, _LoginResponse>;

  LoginWithSecret: grpc.handleUnaryCall<_SecretRequest__Output, _ResumableResponse>;

  Logout: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  Register: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  RegisterWithSecret: grpc.handleUnaryCall<_SecretRequest__Output, _StatusCodeResponse>;

  Resume: grpc.handleUnaryCall<_ResumeRequest__Output, _ResumableResponse>;

  Search: grpc.handleUnaryCall<_SearchRequest__Output, _SearchResponse>;

  Send: grpc.handleUnaryCall<_MessageRequest__Output, _StatusCodeResponse>;

  Subscribe: grpc.handleServerStreamingCall<_UsernameRequest__Output, _Message>;

  Unblock: grpc.handleUnaryCall<_BlockRequest__Output, _StatusCodeResponse>;

}

export interface MessageServiceDefinition extends grpc.ServiceDefinition {
  Acknowledge: MethodDefinition<_AcknowledgeRequest, _StatusCodeResponse, _AcknowledgeRequest__Output, _StatusCodeResponse__Output>
  Block: MethodDefinition<_BlockRequest, _StatusCodeResponse, _BlockRequest__Output, _StatusCodeResponse__Output>
  ChangeSecret: MethodDefinition<_ChangeSecretRequest, _ResumableResponse, _ChangeSecretRequest__Output, _ResumableResponse__Output>
  Converse: MethodDefinition<_ClientFrame, _ServerFrame, _ClientFrame__Output, _ServerFrame__Output>
  Delete: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  Login: MethodDefinition<_UsernameRequest, _LoginResponse, _UsernameRequest__Output, _LoginResponse__Output>
  LoginWithSecret: MethodDefinition<_SecretRequest, _ResumableResponse, _SecretRequest__Output, _ResumableResponse__Output>
  Logout: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  Register: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  RegisterWithSecret: MethodDefinition<_SecretRequest, _StatusCodeResponse, _SecretRequest__Output, _StatusCodeResponse__Output>
  Resume: MethodDefinition<_ResumeRequest, _ResumableResponse, _ResumeRequest__Output, _ResumableResponse__Output>
  Search: MethodDefinition<_SearchRequest, _SearchResponse, _SearchRequest__Output, _SearchResponse__Output>
  Send: MethodDefinition<_MessageRequest, _StatusCodeResponse, _MessageRequest__Output, _StatusCodeResponse__Output>
  Subscribe: MethodDefinition<_UsernameRequest, _Message, _UsernameRequest__Output, _Message__Output>
  Unblock: MethodDefinition<_BlockRequest, _StatusCodeResponse, _BlockRequest__Output, _StatusCodeResponse__Output>
}
