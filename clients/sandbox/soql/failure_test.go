package soql

import (
	"errors"
	"strings"
	"testing"
)

const (
	noColumn = "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
	noObject = "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names."
)

// The whole messages, as they were recorded from the service for other objects.
func TestErrorsAreWordedAsSalesforceWordsThem(t *testing.T) {
	for _, c := range []struct{ query, code, message string }{
		{"invalid", malformedQuery, "unexpected token: 'invalid'"},
		{"SELECT Id FROM Account WHERE", malformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT Id, FROM Account", malformedQuery, "\nSELECT Id, FROM Account\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FROM'"},
		{"SELECT Idd FORM Account", malformedQuery, "\nSELECT Idd FORM Account\n          ^\nERROR at Row:1:Column:11\nunexpected token: 'FORM'"},
		{"SELECT Idd FROM Account", invalidField, "\nSELECT Idd FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Idd' on entity 'Account'. " + noColumn},
		{"SELECT Id, Name, Industry FROM AccountOpps WHERE Name like 'okToDelete%'", invalidType, "\nSELECT Id, Name, Industry FROM AccountOpps WHERE Name like 'okToDelete%'\n                               ^\nERROR at Row:1:Column:32\nsObject type 'AccountOpps' is not supported. " + noObject},
		{"SELECT Name, AnnualRevenue, Tags__c FROM Account WHERE Tags__c LIKE 'Getty%'", invalidOperator, "\nAnnualRevenue, Tags__c FROM Account WHERE Tags__c LIKE 'Getty%'\n                                          ^\nERROR at Row:1:Column:56\ninvalid operator on multipicklist field"},
		{"SELECT Id, Name, AnnualRevenue, NumberOfEmployees FROM Account WHERE Id = '53'", invalidOperator, "\nNumberOfEmployees FROM Account WHERE Id = '53'\n                                     ^\nERROR at Row:1:Column:70\ninvalid ID field: 53"},
		{"SELECT Id\nFROM Maycur_Form__c", invalidType, "\nFROM Maycur_Form__c\n     ^\nERROR at Row:2:Column:6\nsObject type 'Maycur_Form__c' is not supported. " + noObject},
		{"SELECT Id FROM $account", malformedQuery, "\nSELECT Id FROM $account\n              ^\nERROR at Row:1:Column:15\nline 1:15 unexpected token: '$'"},
		{"SELECT FIELDS(ALL) FROM Account", malformedQuery, "The SOQL FIELDS function must have a LIMIT of at most 200"},
		{"SELECT Id FROM Account OFFSET 2001", outsideRange, "Maximum SOQL offset allowed for apiName Account is 2000"},
	} {
		_, err := ask(newOrg(), c.query)
		var refused *Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v", c.query, err)
			continue
		}
		if refused.Code != c.code || refused.Message != c.message {
			t.Errorf("%s\n got %s %q\nwant %s %q", c.query, refused.Code, refused.Message, c.code, c.message)
		}
	}
}

func TestRefusedQueries(t *testing.T) {
	for _, c := range []struct{ query, code, gist string }{
		// syntax
		{"", malformedQuery, "cannot be empty or null"},
		{" \n\t ", malformedQuery, "cannot be empty or null"},
		{"SELECT Id FROM Account WHERE Name = '" + strings.Repeat("x", maxLength) + "'", malformedQuery, "longer than 100000"},
		{"SELECT Id FROM Account WHERE " + strings.Repeat("(", 200) + "Id = null", malformedQuery, "unexpected token: '('"},
		{"SELECT FROM Account", malformedQuery, "unexpected token: 'FROM'"},
		{"SELECT * FROM Account", malformedQuery, "unexpected token: '*'"},
		{"SELECT Id Account", malformedQuery, "unexpected token: 'Account'"},
		{"SELECT Id FROM Account LIMIT", malformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT Id FROM Account LIMIT ten", malformedQuery, "unexpected token: 'ten'"},
		{"SELECT Id FROM Account LIMIT -1", malformedQuery, "unexpected token: '-1'"},
		{"SELECT Id FROM Account LIMIT 99999999999", malformedQuery, "numeric value out of range"},
		{"SELECT Id FROM Account LIMIT 1 WHERE Id = null", malformedQuery, "unexpected token: 'WHERE'"},
		{"SELECT Id FROM Account USING everything", malformedQuery, "unexpected token: 'everything'"},
		{"SELECT Id FROM Account FOR EVER", malformedQuery, "unexpected token: 'EVER'"},
		{"SELECT Id FROM Account WITH NOTHING", malformedQuery, "unexpected token: 'NOTHING'"},
		{"SELECT Id FROM Account GROUP BY", malformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT Id FROM Account HAVING COUNT(Id) > 1", malformedQuery, "unexpected token: 'HAVING'"},
		{"SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", malformedQuery, "unexpected token: 'OR'"},
		{"SELECT Id FROM Account WHERE Name = 'a' OR Name = 'b' AND Name = 'c'", malformedQuery, "unexpected token: 'AND'"},
		{"SELECT Id FROM Account WHERE Name = 'a' AND NOT Name = 'b'", malformedQuery, "unexpected token: 'NOT'"},
		{"SELECT Id FROM Account WHERE Name = 'a' AND", malformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT Id FROM Account WHERE (Name = 'a'", malformedQuery, "unexpected token: '<EOF>'"},
		{"SELECT Id FROM Account WHERE Name IS NULL", malformedQuery, "unexpected token: 'IS'"},
		{"SELECT Id FROM Account WHERE Name LIKE null", malformedQuery, "unexpected token: 'null'"},
		{"SELECT Id FROM Account WHERE Name IN ()", malformedQuery, "unexpected token: ')'"},
		{"SELECT Id FROM Account WHERE Name = 'O'Neil'", malformedQuery, "unexpected token: 'Neil'"},
		{"SELECT Id FROM Account WHERE Name = 'open", malformedQuery, "unexpected token: '''"},
		{"SELECT Id FROM Account WHERE Name = Acme", malformedQuery, "Bind variables only allowed in Apex code"},
		{"SELECT Id FROM Account WHERE Name = :name", malformedQuery, "Bind variables only allowed in Apex code"},
		{`SELECT Id FROM Account WHERE Name = 'a\d'`, malformedQuery, `Illegal character sequence '\d' in string literal`},
		{`SELECT Id FROM Account WHERE Name = 'a\%'`, malformedQuery, `Illegal character sequence '\%'`},
		{`SELECT Id FROM Account WHERE Name LIKE 'a\한'`, malformedQuery, `Illegal character sequence '\한'`},
		{`SELECT Id FROM Account WHERE Name = '\u12G4'`, malformedQuery, `Illegal character sequence '\u'`},
		{"SELECT Id FROM Account WHERE CreatedDate > 2020-12-12t12:12:00-25:00", malformedQuery, "Invalid datetime: 2020-12-12t12:12:00-25:00"},
		{"SELECT Id FROM Account WHERE CreatedDate > 2020-12-12T12:12:00", malformedQuery, "Invalid datetime"},
		{"SELECT Id FROM Account WHERE Founded__c > 2020-02-30", malformedQuery, "Invalid date: 2020-02-30"},
		{"SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:10000000", malformedQuery, "LAST_N_DAYS:10000000"},
		{"SELECT Id FROM Account WHERE CreatedDate = LAST_N_EONS:1", malformedQuery, "LAST_N_EONS:1"},
		{"SELECT Id FROM Account WHERE CreatedDate = DAYS_AGO:1", malformedQuery, "DAYS_AGO:1"},
		// names
		{"SELECT Id FROM Hidden", invalidType, "sObject type 'Hidden' is not supported"},
		{"SELECT Account FROM Contact", invalidField, "No such column 'Account' on entity 'Contact'"},
		{"SELECT Account.Foo FROM Contact", invalidField, "No such column 'Foo' on entity 'Account'"},
		{"SELECT Foo.Name FROM Contact", invalidField, "Didn't understand relationship 'Foo' in field path"},
		{"SELECT Foo FROM Contact WHERE Bar = 1", invalidField, "No such column 'Foo'"},
		{"SELECT Id FROM Contact WHERE Foo = 1", invalidField, "No such column 'Foo'"},
		{"SELECT Id FROM Contact ORDER BY Foo", invalidField, "No such column 'Foo'"},
		{"SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account", malformedQuery, "too long"},
		{"SELECT Id, (SELECT Id FROM Contact) FROM Account", invalidType, "Didn't understand relationship 'Contact' in FROM part of query call"},
		{"SELECT Id, Name, id FROM Account", invalidField, "duplicate field selected: Id"},
		{"SELECT Id, FIELDS(STANDARD) FROM User", invalidField, "duplicate field selected: Id"},
		{"SELECT Name n FROM Account", malformedQuery, "only aggregate expressions use field aliasing"},
		{"SELECT DISTINCT Name FROM Account", malformedQuery, "only aggregate expressions use field aliasing"},
		{"SELECT LOWER(Name) FROM Account", malformedQuery, "Invalid aggregate function: LOWER"},
		{"SELECT FIELDS(NONE) FROM Account LIMIT 1", malformedQuery, "FIELDS"},
		{"SELECT FIELDS(CUSTOM) FROM Account LIMIT 201", malformedQuery, "must have a LIMIT of at most 200"},
		{"SELECT Metadata FROM FlexiPage", malformedQuery, "no more than one row for retrieval. Result size: 2"},
		{"SELECT FullName FROM FlexiPage LIMIT 2", malformedQuery, "no more than one row"},
		// conditions
		{"SELECT Id FROM LoginHistory WHERE Status = 'Success'", invalidField, "field 'Status' can not be filtered in a query call"},
		{"SELECT Id FROM LoginHistory ORDER BY Status", malformedQuery, "field 'Status' can not be sorted in a query call"},
		{"SELECT Status FROM LoginHistory GROUP BY Status", malformedQuery, "field 'Status' can not be grouped in a query call"},
		{"SELECT Id FROM Account WHERE COUNT(Id) > 1", malformedQuery, "Invalid aggregate function: COUNT"},
		{"SELECT Id FROM Account WHERE Id LIKE '001%'", invalidOperator, "invalid operator on id field"},
		{"SELECT Id FROM Account WHERE OwnerId LIKE '001%'", invalidOperator, "invalid operator on id field"},
		{"SELECT Id FROM Account WHERE NumberOfEmployees LIKE '1%'", invalidOperator, "invalid operator on int field"},
		{"SELECT Id FROM Account WHERE Active__c > true", invalidOperator, "invalid operator on boolean field"},
		{"SELECT Id FROM Account WHERE Name > null", invalidOperator, "invalid operator"},
		{"SELECT Id FROM Account WHERE Industry INCLUDES ('a')", invalidOperator, "invalid operator on picklist field"},
		{"SELECT Id FROM Account WHERE Id IN ('" + acme + "', 'x')", invalidOperator, "invalid ID field: x"},
		{"SELECT Id FROM Account WHERE Id = 5", invalidOperator, "invalid ID field: 5"},
		{"SELECT Id FROM Account WHERE Active__c = 'true'", invalidField, "value of filter criterion for field 'Active__c' must be of type boolean and should not be enclosed in quotes"},
		{"SELECT Id FROM Account WHERE NumberOfEmployees = '5'", invalidField, "field 'NumberOfEmployees' must be of type int and should not be enclosed in quotes"},
		{"SELECT Id FROM Account WHERE AnnualRevenue IN ('5')", invalidField, "field 'AnnualRevenue' must be of type double and should not"},
		{"SELECT Id FROM Account WHERE CreatedDate > '2026-01-01T00:00:00Z'", invalidField, "field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes"},
		{"SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", invalidField, "must be of type dateTime"},
		{"SELECT Id FROM Account WHERE Founded__c = 2026-01-01T00:00:00Z", invalidField, "field 'Founded__c' must be of type date and"},
		{"SELECT Id FROM Account WHERE Owner.Name = 5", invalidField, "field 'Name' must be of type string and should be enclosed in quotes"},
		{"SELECT Id FROM Account WHERE Name = TODAY", invalidField, "must be of type string"},
		// sub-selects
		{"SELECT Id FROM Account WHERE Name = 'a' OR Id IN (SELECT AccountId FROM Contact)", malformedQuery, "Semi join sub-selects are not allowed with the 'OR' operator"},
		{"SELECT Id FROM Account WHERE Name = 'a' AND (Name = 'b' OR Id IN (SELECT AccountId FROM Contact))", malformedQuery, "Semi join sub-selects are only allowed at the top level WHERE expressions"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE OwnerId IN (SELECT Id FROM User))", malformedQuery, "Nesting of semi join sub-selects is not supported"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Contact)", malformedQuery, "Maximum 2 semi join sub-selects are allowed"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact LIMIT 1)", malformedQuery, "unexpected token: 'LIMIT'"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT Foo FROM Contact)", invalidField, "No such column 'Foo' on entity 'Contact'"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT Email FROM Contact)", malformedQuery, "'Email' must be an id or a reference"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT OwnerId FROM Contact)", malformedQuery, "should point to the same object type"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT ParentId FROM Account)", malformedQuery, "should not be on the same object type"},
		{"SELECT Id FROM Account WHERE Name IN (SELECT AccountId FROM Contact)", malformedQuery, "should be an id field, cannot use: 'Name'"},
		{"SELECT Id FROM Contact WHERE Account.OwnerId IN (SELECT Id FROM User)", malformedQuery, "cannot have more than one level of relationships"},
		// aggregates
		{"SELECT Name, COUNT(Id) FROM Account", malformedQuery, "Field must be grouped or aggregated: Name"},
		{"SELECT COUNT(Id) FROM Account GROUP BY Name ORDER BY Industry", malformedQuery, "Ordered field must be grouped or aggregated: Industry"},
		{"SELECT Name FROM Account ORDER BY COUNT(Id)", malformedQuery, "Field must be grouped or aggregated: Name"},
		{"SELECT COUNT() FROM Account ORDER BY Name", malformedQuery, "Ordered field must be grouped or aggregated: Name"},
		{"SELECT COUNT(), Name FROM Account GROUP BY Name", malformedQuery, "unexpected token: 'COUNT'"},
		{"SELECT COUNT(Id) n FROM Account GROUP BY Name ORDER BY n", invalidField, "No such column 'n' on entity 'Account'"},
		{"SELECT Id, COUNT(Id) FROM Account GROUP BY Id", malformedQuery, "Grouped field should not be aggregated: Id"},
		{"SELECT COUNT(Id) FROM Account LIMIT 1", malformedQuery, "Non-grouped query that uses overall aggregate functions cannot also use LIMIT"},
		{"SELECT COUNT(Id) FROM Account OFFSET 1", malformedQuery, "cannot also use OFFSET"},
		{"SELECT SUM(Name) FROM Account", malformedQuery, "field Name does not support aggregate operator SUM"},
		{"SELECT COUNT(Active__c) FROM Account", malformedQuery, "field Active__c does not support aggregate operator COUNT"},
		{"SELECT MAX(Description) FROM Account", malformedQuery, "field Description does not support aggregate operator MAX"},
		{"SELECT FORMAT(COUNT()) FROM Account", malformedQuery, "Invalid aggregate function: FORMAT"},
		{"SELECT COUNT(Id) FROM Account ORDER BY COUNT()", malformedQuery, "unexpected token: 'COUNT'"},
		{"SELECT Name FROM Account GROUP BY Name HAVING COUNT() > 1", malformedQuery, "unexpected token: 'COUNT'"},
		{"SELECT Id FROM Account WHERE Id IN (SELECT COUNT() FROM Contact)", malformedQuery, "only root queries support aggregate expressions"},
		{"SELECT SUM(MAX(NumberOfEmployees)) FROM Account", malformedQuery, "Invalid aggregate function: SUM"},
		{"SELECT COUNT(Id) FROM Account GROUP BY COUNT(Id)", malformedQuery, "Invalid aggregate function: COUNT"},
		{"SELECT COUNT(Id) n, COUNT(Name) N FROM Account", malformedQuery, "duplicate alias: N"},
		{"SELECT CALENDAR_YEAR(CreatedDate) FROM Account", malformedQuery, "Field must be grouped or aggregated: CALENDAR_YEAR(CreatedDate)"},
		{"SELECT COUNT(Id) FROM Account GROUP BY CALENDAR_YEAR(Name)", malformedQuery, "does not support date function"},
		{"SELECT Name FROM Account GROUP BY Name HAVING COUNT(Id) > '1'", invalidField, "must be of type int"},
		{"SELECT Name FROM Account GROUP BY Name HAVING Industry = 'x'", malformedQuery, "Field must be grouped or aggregated: Industry"},
		{"SELECT Id FROM Account GROUP BY Id HAVING Id IN (SELECT AccountId FROM Contact)", malformedQuery, "Semi join sub-selects"},
		{"SELECT FIELDS(ALL), COUNT(Id) FROM Account", malformedQuery, "FIELDS"},
		{"SELECT COUNT(Id), (SELECT Id FROM Contacts) FROM Account", malformedQuery, "Subqueries are not allowed"},
		{"SELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account", malformedQuery, "only root queries support aggregate expressions"},
	} {
		_, err := ask(newOrg(), c.query)
		var refused *Error
		if !errors.As(err, &refused) {
			t.Errorf("%.100s\n got %v, want %s", c.query, err, c.code)
			continue
		}
		if refused.Code != c.code || !strings.Contains(refused.Message, c.gist) {
			t.Errorf("%.100s\n got %s %q\nwant %s …%q", c.query, refused.Code, refused.Message, c.code, c.gist)
		}
	}
}

func TestTheExcerptShowsTheRightRow(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT Id,\r\n  Naem\r\nFROM Account":                      "\n  Naem\n  ^\nERROR at Row:2:Column:3\nNo such column 'Naem'",
		"SELECT Id FROM Account\nWHERE Name = '한국어 이름' AND Foo = 1": "\nWHERE Name = '한국어 이름' AND Foo = 1\n                          ^\nERROR at Row:2:Column:27\nNo such column 'Foo'",
	} {
		_, err := ask(newOrg(), query)
		var refused *Error
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Message, want) {
			t.Errorf("%q: got %v, want %q", query, err, want)
		}
	}
}

// Excerpts that people quoted from the service, with the queries that caused them.
func TestExcerptsAsRecorded(t *testing.T) {
	for _, c := range []struct {
		query  string
		column int
		want   string
	}{
		{"SELECT Bacon__c FROM Account LIMIT 2", 8, "SELECT Bacon__c FROM Account LIMIT 2\n       ^"},
		{"SELECT Name, Access_Key__c, Image_Vendor__c FROM Opportunity WHERE Image_Vendor__c LIKE 'Getty%'", 68, "Image_Vendor__c FROM Opportunity WHERE Image_Vendor__c LIKE 'Getty%'\n                                       ^"},
		{"SELECT Id FROM Account SET OPTIONS (honorEmptyStrings = true) LIMIT 1", 62, "OPTIONS (honorEmptyStrings = true) LIMIT 1\n                                  ^"},
		{"SELECT Id, Name, AccountNumber FROM AccountOpps WHERE Name like 'okToDelete%'", 37, "SELECT Id, Name, AccountNumber FROM AccountOpps WHERE Name like 'okToDelete%'\n                                    ^"},
		{"select Id from Account where id = $sfid", 34, "select Id from Account where id = $sfid\n                                 ^"},
		{"SELECT Id, FROM Account", 11, "SELECT Id, FROM Account\n          ^"},
	} {
		got := place(c.query, 1, c.column)
		if !strings.HasPrefix(got, "\n"+c.want+"\nERROR at Row:1:Column:") {
			t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
		}
	}
}
