namespace Platform.Contracts.Api;

/// <summary>Stable <c>code</c> members of Control's problem details (RFC 9457). Clients branch on these, never on texts.</summary>
public static class ProblemCodes
{
    public const string ValidationFailed = "validation_failed";
    public const string MalformedRequest = "malformed_request";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string PayloadTooLarge = "payload_too_large";
    public const string RequestTimeout = "request_timeout";
    public const string TooManyRequests = "too_many_requests";
    public const string TooManyExports = "too_many_exports";
    public const string NameTaken = "name_taken";
    public const string VersionMismatch = "version_mismatch";
    public const string PreconditionRequired = "precondition_required";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string InUse = "in_use";
    public const string LimitReached = "limit_reached";
    public const string ModelUnknown = "model_unknown";
    public const string KeyUnknown = "key_unknown";
    public const string KeyRevoked = "key_revoked";
    public const string TenantUnknown = "tenant_unknown";
    public const string LastOwner = "last_owner";
    public const string LastOperator = "last_operator";
    public const string AlreadyMember = "already_member";
    public const string NotMember = "not_member";
    public const string RoleManaged = "role_managed";
    public const string TenantClosed = "tenant_closed";
    public const string SignUpOff = "sign_up_off";
    public const string SignUpPending = "sign_up_pending";
    public const string SignUpDecided = "sign_up_decided";
    public const string TooManyTenants = "too_many_tenants";
    public const string InvitationUsed = "invitation_used";
    public const string InvitationOpen = "invitation_open";
    public const string TooManyInvitations = "too_many_invitations";
    public const string TooManyMails = "too_many_mails";
    public const string PoolUnknown = "pool_unknown";
    public const string ProjectUnknown = "project_unknown";
    public const string AuthorityElsewhere = "authority_elsewhere";
    public const string PeopleOnly = "people_only";
    public const string SignedInByProvider = "signed_in_by_provider";
    public const string TooManyProviders = "too_many_providers";
    public const string DomainTaken = "domain_taken";
    public const string DomainUnproved = "domain_unproved";
    public const string UrlRefused = "url_refused";
    public const string ProviderKeyNeeded = "provider_key_needed";
    public const string ClientCertificateNeeded = "client_certificate_needed";
    public const string GroupUnknown = "group_unknown";
    public const string EnrolmentRefused = "enrolment_refused";
    public const string AgentRevoked = "agent_revoked";
    public const string DependencyDown = "dependency_down";
    public const string InternalError = "internal_error";
}
