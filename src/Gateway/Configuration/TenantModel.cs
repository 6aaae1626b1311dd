using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Gateway.Configuration;

internal sealed record TenantModel(TenantId Id, string Slug, bool Suspended, ModelTable Models)
{
    /// <summary>A suspension takes effect whatever else is wrong with the document.</summary>
    public static Reading<TenantModel> Read(Resource resource, TenantModel? lastGood)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.TenantDocument, faults);
        if (document is not null)
        {
            if (document.Id.ToString() != resource.Key || document.Id != resource.TenantId)
                faults.Add("The tenant's id is not the resource's.");
            if (string.IsNullOrEmpty(document.Slug))
                faults.Add("The tenant has no slug.");
            DocumentReader.CheckModels(document.Models, faults);
            if (faults.Count == 0)
                return Reading<TenantModel>.Good(new(document.Id, document.Slug, document.Suspended, ModelTable.Of(document.Models)));
        }
        if (lastGood is null || lastGood.Suspended || !SaysSuspended(resource.Document))
            return new(lastGood, faults);
        var suspended = lastGood with { Suspended = true };
        return new(suspended, faults, suspended.ToDocument());
    }

    private static bool SaysSuspended(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("suspended", out var value) && value.ValueKind == JsonValueKind.True;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private byte[] ToDocument() => JsonSerializer.SerializeToUtf8Bytes(
        new TenantDocument { Id = Id, Slug = Slug, Suspended = Suspended, Models = Models.All }, WireJson.Default.TenantDocument);
}
