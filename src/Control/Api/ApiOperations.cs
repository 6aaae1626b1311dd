using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.OpenApi;
using Platform.Control.Access;

namespace Platform.Control.Api;

/// <summary>What every operation of the description has beyond its types: headers, the dry run, the right, examples.</summary>
internal static class ApiOperations
{
    public static void Complete(OpenApiOperation operation, ApiDescription description)
    {
        if (description.ActionDescriptor.EndpointMetadata.OfType<Right>().LastOrDefault() is { } right)
            operation.Description = $"Needs the right `{right.Name}`. {operation.Description}".TrimEnd();
        if (Takes<WriteCall>(description))
            AddWriteParameters(operation, description);
        AddExamples(operation, description);
    }

    private static bool Takes<T>(ApiDescription description) =>
        description.ActionDescriptor.EndpointMetadata.OfType<System.Reflection.MethodInfo>().Any(m => m.GetParameters().Any(p => p.ParameterType == typeof(T)));

    private static void AddWriteParameters(OpenApiOperation operation, ApiDescription description)
    {
        var (method, unoffered) = (description.HttpMethod, description.ActionDescriptor.EndpointMetadata.OfType<Unoffered>().Select(u => u.Header).ToList());
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = WriteCall.DryRunParameter,
            In = ParameterLocation.Query,
            Description = "Only try: answers the resource as it would be and what agents would get.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        });
        if (method is "PUT" or "DELETE" && !unoffered.Contains(Unoffered.Version.Header))
            operation.Parameters.Add(Header(Unoffered.Version.Header, "The ETag of the version that was read, or *.", required: method == "PUT"));
        if (method is "POST" && !unoffered.Contains(Unoffered.Idempotency.Header))
            operation.Parameters.Add(Header(WriteCall.IdempotencyHeader, "The request is done once for each value in 24 hours.", required: false));
    }

    private static OpenApiParameter Header(string name, string description, bool required) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = required,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static void AddExamples(OpenApiOperation operation, ApiDescription description)
    {
        var body = description.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type;
        if (body is not null && operation.RequestBody?.Content is { } content)
            Add(content, body);
        foreach (var response in description.SupportedResponseTypes)
        {
            var status = response.StatusCode.ToString(CultureInfo.InvariantCulture);
            if (response.Type is { } type && type != typeof(ProblemDetails) && type != typeof(HttpValidationProblemDetails)
                && operation.Responses?.TryGetValue(status, out var answer) is true && answer.Content is { } parts)
                Add(parts, type);
        }

        static void Add(IDictionary<string, OpenApiMediaType> content, Type type)
        {
            if (content.TryGetValue("application/json", out var media))
                media.Example ??= Examples.Of(type);
        }
    }
}

/// <summary>A header that writes take and this one has no use for: its description does not offer it.</summary>
internal sealed record Unoffered(string Header)
{
    /// <summary>What is written has no version, or only one.</summary>
    public static readonly Unoffered Version = new("If-Match");

    /// <summary>Each request is one of its own.</summary>
    public static readonly Unoffered Idempotency = new(WriteCall.IdempotencyHeader);
}
