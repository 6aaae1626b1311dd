using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Control.Tests.Members;

namespace Platform.Control.Tests.SignUp;

public sealed class SignUpTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Path = "/api/v1/sign-ups";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_it_is_off_nobody_signs_up()
    {
        await ModeAsync(SignUpModes.Off);
        using var person = await Person.NewAsync(control);

        using var answer = await person.Http.PostAsync(Path, Some());

        await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.SignUpOff);
    }

    [Fact]
    public async Task Where_it_is_open_the_caller_owns_a_tenant_under_the_operators_limits_at_once()
    {
        await ModeAsync(SignUpModes.Open, new QuotaSpec(RequestsPerMinute: 60, TokensPerDay: 100_000));
        using var person = await Person.NewAsync(control);

        var made = await person.Http.CreateAsync<SignUpAnswer>(Path, Some());

        made.State.ShouldBe(SignUpStates.Approved);
        var tenant = made.TenantId.ShouldNotBeNull();
        var membership = (await person.Http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldHaveSingleItem();
        membership.ShouldSatisfyAllConditions(m => m.TenantId.ShouldBe(tenant), m => m.Role.ShouldBe(TenantRoles.Owner));
        var quota = await control.Database.InTenantAsync(tenant, (db, ct) => db.Quotas.SingleAsync(ct), Cancel);
        quota.ShouldSatisfyAllConditions(
            q => q.IsOperators.ShouldBeTrue(), q => q.Scope.ShouldBe(LimitScopes.Tenant), q => q.RequestsPerMinute.ShouldBe(60), q => q.TokensPerDay.ShouldBe(100_000));
        (await control.Database.InTenantAsync(tenant, (db, ct) => db.ConfigResources.CountAsync(r => r.Document != null, ct), Cancel)).ShouldBe(1);
        (await person.Http.GetAsync<Page<SignUpAnswer>>($"{Path}/mine")).Items.ShouldHaveSingleItem().ShouldBe(made);
    }

    [Fact]
    public async Task A_person_gets_five_tenants_also_when_asking_many_times_at_once()
    {
        await ModeAsync(SignUpModes.Open);
        using var person = await Person.NewAsync(control);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => person.Http.PostAsync(Path, Some())));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(5);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.TooManyTenants);
    }

    [Fact]
    public async Task Where_operators_approve_one_request_waits_until_one_of_them_decides()
    {
        await ModeAsync(SignUpModes.Approval);
        using var http = await control.OperatorAsync();
        using var person = await Person.NewAsync(control);
        using var other = await Person.NewAsync(control);

        var asked = await person.Http.CreateAsync<SignUpAnswer>(Path, Some());
        using var second = await person.Http.PostAsync(Path, Some());
        var refusedOne = await other.Http.CreateAsync<SignUpAnswer>(Path, Some());
        var pending = await http.GetAsync<Page<SignUpAnswer>>("/api/v1/operator/sign-ups?state=pending&limit=200");
        using var approved = await http.PostAsync<object?>($"/api/v1/operator/sign-ups/{asked.Id}/approve", null);
        using var again = await http.PostAsync<object?>($"/api/v1/operator/sign-ups/{asked.Id}/approve", null);
        using var refused = await http.PostAsync<object?>($"/api/v1/operator/sign-ups/{refusedOne.Id}/refuse", null);
        using var unknown = await http.PostAsync<object?>($"/api/v1/operator/sign-ups/{Guid.NewGuid()}/approve", null);

        asked.ShouldSatisfyAllConditions(a => a.State.ShouldBe(SignUpStates.Pending), a => a.TenantId.ShouldBeNull());
        await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SignUpPending);
        pending.Items.ShouldContain(asked);
        var made = (await approved.ShouldBeAsync<SignUpAnswer>(HttpStatusCode.OK)).TenantId.ShouldNotBeNull();
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.SignUpDecided);
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await refused.ShouldBeAsync<SignUpAnswer>(HttpStatusCode.OK)).State.ShouldBe(SignUpStates.Refused);
        (await person.Http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.Single().TenantId.ShouldBe(made);
        (await other.Http.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldBeEmpty();
        await other.Http.CreateAsync<SignUpAnswer>(Path, Some());
    }

    [Fact]
    public async Task Nothing_of_a_person_is_left_when_the_tenant_that_they_signed_up_for_is_closed()
    {
        await ModeAsync(SignUpModes.Open);
        using var person = await Person.NewAsync(control);
        var request = Some();
        var made = await person.Http.CreateAsync<SignUpAnswer>(Path, request);

        using var closed = await person.Http.PostAsync($"/api/v1/tenants/{made.TenantId}/close", new { slug = request.Slug });

        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var left = await control.Database.InPlatformAsync(
            (db, ct) => db.Database.SqlQueryRaw<string>(
                """SELECT a::text AS "Value" FROM audit_events a UNION ALL SELECT s::text FROM sign_ups s UNION ALL SELECT t::text FROM tenants t""").ToListAsync(ct), Cancel);
        left.ShouldAllBe(row => !row.Contains(person.Email) && !row.Contains(person.Principal) && !row.Contains(request.Slug) && !row.Contains(request.TenantName));
        (await person.Http.GetAsync<Page<SignUpAnswer>>($"{Path}/mine")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_program_signs_up_no_tenant()
    {
        await ModeAsync(SignUpModes.Open);
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ServiceClientSecretAnswer>(
            $"/api/v1/tenants/{tenant}/service-clients", new ServiceClientRequest { Name = "p", Role = TenantRoles.Developer, Scopes = [ApiScopes.All] });
        using var program = control.With(await control.TokenAsync(made.Client.ClientId, made.ClientSecret!));
        using var other = await control.CallerAsync();

        foreach (var http in new[] { program, other })
        {
            using var answer = await http.PostAsync(Path, Some());
            await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.PeopleOnly);
        }
        (await program.GetAsync<MeAnswer>("/api/v1/me")).Memberships.ShouldHaveSingleItem().TenantId.ShouldBe(tenant);
    }

    private static SignUpRequest Some() => new() { TenantName = $"Name {Guid.NewGuid():N}", Slug = $"s{Guid.NewGuid():N}"[..20] };

    private async Task ModeAsync(string mode, QuotaSpec? limits = null)
    {
        using var http = await control.OperatorAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/operator/settings")
        {
            Content = JsonContent.Create(new PlatformSettingsRequest { SignUpMode = mode, SignUpGroup = "default", SignUpLimits = limits }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await http.SendAsync(request, Cancel);
        (await answer.ShouldBeAsync<PlatformSettingsAnswer>(HttpStatusCode.OK)).SignUpLimits.ShouldBe(limits);
    }
}
