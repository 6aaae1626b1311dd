using Bunit;
using Microsoft.AspNetCore.Components;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Portal.Keys;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

public sealed class KeysPageTests : PageTestBase
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_created_key_is_shown_once_and_listed()
    {
        var page = OpenDialog();
        await page.Find("input" + TestId("key-name")).InputAsync("billing job");
        await page.Find(TestId("key-submit")).ClickAsync();
        var key = page.WaitForElement(TestId("new-key-value"), Deadline).TextContent;
        ApiKeyFormat.TryGetPrefix(key, out var prefix).ShouldBeTrue();
        page.WaitForElement(TestId($"key-row-{prefix}"), Deadline).TextContent.ShouldContain("billing job");
        await page.Find(TestId("new-key-done")).ClickAsync();
        page.WaitForAssertion(() => page.FindAll(TestId("new-key-value")).ShouldBeEmpty(), Deadline);
        page.Markup.ShouldNotContain(key);
        Control.Keys.ShouldHaveSingleItem().ProjectId.ShouldBe(FakeControl.SearchProject.Id);
    }

    [Fact]
    public async Task A_first_project_is_made_with_the_first_key()
    {
        Control.Projects.Clear();
        var page = OpenDialog();
        await page.Find("input" + TestId("key-name")).InputAsync("first");
        await page.Find("input" + TestId("key-project")).InputAsync("Website");
        await page.Find(TestId("key-submit")).ClickAsync();
        page.WaitForElement(TestId("new-key-value"), Deadline);
        var project = Control.Projects.ShouldHaveSingleItem();
        project.Name.ShouldBe("Website");
        Control.Keys.ShouldHaveSingleItem().ProjectId.ShouldBe(project.Id);
    }

    [Fact]
    public async Task A_key_without_a_name_is_not_asked_for()
    {
        var page = OpenDialog();
        await page.Find(TestId("key-submit")).ClickAsync();
        page.WaitForAssertion(() => page.Markup.ShouldContain("Give the key a name."), Deadline);
        Control.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Faults_of_a_field_stand_at_the_field_and_others_in_an_alert()
    {
        Control.NextWriteAnswer = FakeControl.Problem(400, ProblemCodes.ValidationFailed, "The request is not valid.", new()
        {
            ["Name"] = ["The name holds a word that is not allowed."],
            ["quota"] = ["No key is left in your quota."],
        });
        var page = OpenDialog();
        await page.Find("input" + TestId("key-name")).InputAsync("bad");
        await page.Find(TestId("key-submit")).ClickAsync();
        var alert = page.WaitForElement(TestId("problem"), Deadline);
        alert.TextContent.ShouldContain("The request is not valid.");
        alert.TextContent.ShouldContain("No key is left in your quota.");
        alert.TextContent.ShouldNotContain("not allowed");
        page.Find(".mud-input-helper-text.mud-input-error").TextContent.ShouldContain("The name holds a word that is not allowed.");
    }

    [Fact]
    public async Task Revoking_asks_first_and_then_shows_it()
    {
        var key = AddKey("old laptop");
        var page = Render<KeysPage>(("Slug", "acme"));
        var row = TestId($"key-row-{key.Prefix}");
        page.WaitForElement($"{row} {TestId("key-revoke")}", Deadline).Click();
        page.WaitForElement(TestId("confirm-revoke"), Deadline).TextContent.ShouldContain("old laptop");
        Control.Keys[0].RevokedAt.ShouldBeNull();
        await page.Find(TestId("confirm-revoke")).ClickAsync();
        page.WaitForAssertion(() => page.Find($"{row} {TestId("key-status")}").TextContent.ShouldBe("Revoked"), Deadline);
        Control.Keys[0].RevokedAt.ShouldNotBeNull();
        page.FindAll($"{row} {TestId("key-revoke")}").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_revocation_is_said()
    {
        var key = AddKey("old laptop");
        Control.NextWriteAnswer = FakeControl.Problem(503, ProblemCodes.DependencyDown, "The database is away.");
        var page = Render<KeysPage>(("Slug", "acme"));
        page.WaitForElement($"{TestId($"key-row-{key.Prefix}")} {TestId("key-revoke")}", Deadline).Click();
        await page.WaitForElement(TestId("confirm-revoke"), Deadline).ClickAsync();
        page.WaitForElement(TestId("problem"), Deadline).TextContent.ShouldContain("The database is away.");
        page.Find(TestId("key-status")).TextContent.ShouldBe("Active");
    }

    [Fact]
    public void Billing_sees_keys_but_no_buttons()
    {
        AddKey("any");
        Control.Me = Control.Me with { Memberships = [new(FakeControl.Acme.Id, "Acme", "acme", TenantRoles.Billing)] };
        var page = Render<KeysPage>(("Slug", "acme"));
        page.WaitForElement(TestId("keys"), Deadline);
        page.FindAll(TestId("create-key")).ShouldBeEmpty();
        page.FindAll(TestId("key-revoke")).ShouldBeEmpty();
    }

    private IRenderedComponent<IComponent> OpenDialog()
    {
        var page = Render<KeysPage>(("Slug", "acme"));
        // Not awaited: the click's work ends with the dialog.
        page.WaitForElement(TestId("create-key"), Deadline).Click();
        page.WaitForElement("input" + TestId("key-name"), Deadline);
        return page;
    }

    private ApiKeyAnswer AddKey(string name)
    {
        ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix);
        var key = new ApiKeyAnswer(ApiKeyId.New(), name, FakeControl.SearchProject.Id, prefix, DateTimeOffset.UtcNow, null, null, null, null, null, null, null, 1);
        Control.Keys.Add(key);
        return key;
    }
}
