package symptoms

// Leads are what finding leads to which symptom.
var Leads = leads
